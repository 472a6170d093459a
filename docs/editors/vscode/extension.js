// Starts the language server of flake8-tf2 for Python files and the Python cells of notebooks.
const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

exports.activate = async function () {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath ?? "";
  const words = vscode.workspace.getConfiguration("flake8-tf2").get("command");
  const [command, ...args] = words.map((word) => word.replace("${workspaceFolder}", folder));
  const options = {
    documentSelector: [{ language: "python" }],
    synchronize: { fileEvents: vscode.workspace.createFileSystemWatcher("**/{setup.cfg,tox.ini,.flake8}") },
  };
  client = new LanguageClient("flake8-tf2", "flake8-tf2", { command, args }, options);
  await client.start();
};

exports.deactivate = () => client?.stop();
