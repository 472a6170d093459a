-- Prints what the language server tells of the buffer, and what the buffer is with all safe fixes.
local seconds = 60000
local function ask(method, params)
  for id, answer in pairs(vim.lsp.buf_request_sync(0, method, params, seconds)) do
    return answer.result, vim.lsp.get_client_by_id(id)
  end
end

vim.wait(seconds, function() return #vim.diagnostic.get(0) > 0 end)
for _, found in ipairs(vim.diagnostic.get(0)) do
  print(string.format("%d:%d: %s\n", found.lnum + 1, found.col + 1, found.message))
end
vim.api.nvim_win_set_cursor(0, { 2, 14 })
print("hover: " .. ask("textDocument/hover", vim.lsp.util.make_position_params(0, "utf-16")).contents.value .. "\n")
local params = vim.lsp.util.make_range_params(0, "utf-16")
params.context = { diagnostics = {}, only = { "source.fixAll" } }
local actions, client = ask("textDocument/codeAction", params)
local action = ask("codeAction/resolve", actions[1])
vim.lsp.util.apply_workspace_edit(action.edit, client.offset_encoding)
for _, line in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
  print("text: " .. line .. "\n")
end
vim.wait(seconds, function() return #vim.diagnostic.get(0) == 1 end)
print("left: " .. #vim.diagnostic.get(0) .. "\n")
vim.cmd("qa!")
