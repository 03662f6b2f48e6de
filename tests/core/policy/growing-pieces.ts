/** Pieces that make a line as long as one likes: what begins something, again and again, and everything a shell gives a meaning to. */
export const growingPieces: readonly string[] = [
  ...['a', 'a ', "'a' ", '"a" ', 'a/', '../', '--a=', '-a ', '-', '=', '%', '~', '*', '[a', '{a,b}', '!', '\u00e9'],
  ...['$a', '${a', '${a}', '$(', '$(a)', '"$(a)"', '`', '"`a`"', '$((', '$[', "$'a'", '<(a) '],
  ...['a|', 'a;', 'a&&', 'a\n', '#a\n', '\\\n', '\\', '(', '((', '{ ', '[[ a ', 'a=b '],
  ...['> a ', '2>&1 ', '<<a ', '<<a;', '<<a\n', '<<-a\n\t', 'cat <<a\nb\na\n', 'a<<<b ', '<'],
  ...[
    'if a;then ',
    'then ',
    'for i in a;do ',
    'case a in ',
    'while a;do ',
    'select ',
    'function a ',
    'a() ',
    'coproc a ',
  ],
  ...['sudo ', 'env ', 'time ', 'xargs ', 'find . -exec ', 'bash -c ', "bash -c '", '@(', '!(a|', '"', "'"],
];
