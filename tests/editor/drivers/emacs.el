;; Prints what the language server tells of the buffer, and what the buffer is with all safe fixes.
(require 'eglot)
(setq eglot-confirm-server-initiated-edits nil eglot-confirm-server-edits nil eglot-sync-connect 60)

(defun wait-for-findings (number)
  "Wait until Flymake shows so many."
  (let ((end (+ (float-time) 60)))
    (while (and (/= number (length (flymake-diagnostics))) (< (float-time) end))
      (flymake-start)
      (accept-process-output nil 0.2))))

(defun ask (method parameters)
  "What the server answers."
  (jsonrpc-request (eglot--current-server-or-lose) method parameters))

(remove-hook 'python-mode-hook #'eglot-ensure) ; it waits for a command, and in batch mode none comes
(find-file "a.py")
(apply #'eglot--connect (eglot--guess-contact))
(eglot--maybe-activate-editing-mode)
(wait-for-findings 3)
(dolist (found (reverse (flymake-diagnostics)))
  (princ (format "%d: %s\n" (line-number-at-pos (flymake-diagnostic-beg found)) (flymake-diagnostic-text found))))
(goto-char (point-min))
(search-forward "tf.l")
(princ (format "hover: %s\n"
               (plist-get (plist-get (ask :textDocument/hover (eglot--TextDocumentPositionParams)) :contents) :value)))
(dolist (action (append (eglot-code-actions (point-min) (point-max) nil nil) nil))
  (princ (format "action: %s\n" (plist-get action :title)))
  (when (equal (plist-get action :kind) "source.fixAll.flake8-tf2")
    (eglot--apply-workspace-edit
     (or (plist-get action :edit) (plist-get (ask :codeAction/resolve action) :edit)))))
(dolist (line (split-string (buffer-string) "\n" t))
  (princ (format "text: %s\n" line)))
(eglot--signal-textDocument/didChange)
(wait-for-findings 1)
(princ (format "left: %d\n" (length (flymake-diagnostics))))
(set-buffer-modified-p nil)
(eglot-shutdown (eglot--current-server-or-lose))
