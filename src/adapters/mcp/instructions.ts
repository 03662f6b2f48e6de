/** How to work here, for a model that has never seen these tools. Each line answers what models got wrong without it. */

export const instructions = `These tools work on remote servers; nothing of this machine can be reached through them.
1. Call list_servers first: every other tool takes one of its ids, and one call works on one server. For several servers, make one call each.
2. Reads and simple inspection commands (cat, ls, df, journalctl, systemctl status) run at once. Writes and every other command wait for a person: the call blocks until it is answered, so do not repeat it and do not work around it.
3. A denial comes with a reason. Take it as an instruction. A request that policy rejects stays rejected: ask for something else, or tell the user what you need.
4. For changes to files use remote_patch_file and remote_write_file instead of commands: they show the person a diff and can be rolled back. Commands cannot be undone.
5. Give remote_exec an argv (no shell) whenever you can. Pipes, redirections, loops and sudo always wait for a person; several simple calls are quicker than one clever line.
6. There is no terminal and no input: use non-interactive flags, and limit what is printed (head, --no-pager, -n).
7. Code NON_ZERO_EXIT is no failure of the tool: the command ran and ended with that status; its output is in the result.
8. Secrets in what you read are replaced by «redacted:…». Such text cannot be written back: patch the other lines instead.
9. When a call says that its outcome is unknown (the connection was lost), read what is there now before you try again.
10. Resources server://ID tell what a server is (system, package manager, services, disk, memory) without any call of yours to find out.`;
