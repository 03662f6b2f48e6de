/** The completion scripts of bash, zsh and fish for one tree of commands. Pure: text in, text out. */
import { type CompletionNode, keyOf, quote } from './completion-tree.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

export function toCompletionScript(shell: Shell, tree: readonly CompletionNode[]): string {
  switch (shell) {
    case 'bash':
      return toBash(tree);
    case 'zsh':
      return toZsh(tree);
    case 'fish':
      return toFish(tree);
  }
}

/** A pattern list that matches the key of every command but the program itself. */
function knownKeys(tree: readonly CompletionNode[]): string {
  return tree
    .filter((node) => node.path.length > 0)
    .map((node) => quote(keyOf(node.path)))
    .join('|');
}

function toBash(tree: readonly CompletionNode[]): string {
  const cases = tree.map((node) => {
    const words = node.words.map((one) => one.word).join(' ');
    return `    ${quote(keyOf(node.path))}) COMPREPLY=($(compgen -W ${quote(words)} -- "$current")) ;;`;
  });
  return `# bash completion of signalbox. Load it with: source <(signalbox completion bash)
_signalbox() {
  local current="\${COMP_WORDS[COMP_CWORD]}" path='' word index
  for ((index = 1; index < COMP_CWORD; index++)); do
    word="\${COMP_WORDS[index]}"
    # After "--" comes somebody else's command line.
    [ "$word" = -- ] && return
    case "$path $word" in
      ${knownKeys(tree)}) path="$path $word" ;;
    esac
  done
  case "$path" in
${cases.join('\n')}
  esac
}
complete -o default -F _signalbox signalbox
`;
}

function toZsh(tree: readonly CompletionNode[]): string {
  const cases = tree.map((node) => {
    const described = node.words.map((one) => `      ${quote(`${one.word.replaceAll(':', '\\:')}:${one.summary}`)}`);
    return `    ${quote(keyOf(node.path))}) candidates=(\n${described.join('\n')}\n    ) ;;`;
  });
  return `#compdef signalbox
# zsh completion of signalbox. Load it with: source <(signalbox completion zsh)
_signalbox() {
  local key='' word
  local -a candidates
  for word in "\${(@)words[2,CURRENT-1]}"; do
    # After "--" comes somebody else's command line.
    [[ "$word" == -- ]] && { _normal; return; }
    case "$key $word" in
      ${knownKeys(tree)}) key="$key $word" ;;
    esac
  done
  case "$key" in
${cases.join('\n')}
  esac
  _describe 'signalbox' candidates
  _files
}
# Loaded by source rather than through fpath, it registers itself.
if [ "$funcstack[1]" = _signalbox ]; then _signalbox "$@"; else compdef _signalbox signalbox; fi
`;
}

function toFish(tree: readonly CompletionNode[]): string {
  const lines = tree.flatMap((node) =>
    node.words.map((one) => {
      const condition = `-n ${quoteFish(`__signalbox_at ${quoteFish(keyOf(node.path))}`)}`;
      const what = one.word.startsWith('--') ? `-l ${one.word.slice(2)}` : `-a ${one.word}`;
      return `complete -c signalbox ${condition} ${what} -d ${quoteFish(one.summary)}`;
    }),
  );
  const known = tree.filter((node) => node.path.length > 0).map((node) => quoteFish(keyOf(node.path)));
  return `# fish completion of signalbox. Load it with: signalbox completion fish | source
function __signalbox_at
  set -l key ''
  for word in (commandline -opc)[2..-1]
    if test "$word" = --
      return 1
    end
    if contains -- "$key $word" ${known.join(' ')}
      set key "$key $word"
    end
  end
  test "$key" = "$argv[1]"
end
${lines.join('\n')}
`;
}

/** In fish a backslash is special between single quotes, too. */
function quoteFish(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}
