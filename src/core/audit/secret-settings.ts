/** Words that a secret follows without `=` or `:`: settings of network devices, web servers and VPNs, commands of protocols, schemes of stored passwords. Data; looks for nothing itself. */

/** A value that stands there by itself or in quotes; the group is the value. */
export const value =
  String.raw`(?:"([^"\r\n]{4,512})"|'([^'\r\n]{4,512})'|([^\s"'<>[\]{}()|` +
  '`' +
  String.raw`][^\s"'<>` +
  '`' +
  String.raw`]{0,512}))`;
export const gap = String.raw`[ \t]{1,8}`;
/** Cisco's kinds of encryption, Fortinet's mark. */
export const kind = String.raw`(?:(?:[0-9]|ENC|cipher|simple|plain|hash|irreversible-cipher|ascii-text|hexadecimal)[ \t]{1,8})?`;

/** `NAME`, `"NAME"`: it decides whether the value behind it is a secret. */
const named = String.raw`["']?(?<name>[A-Za-z_][\w.-]{1,63})["']?${gap}`;
/** A line, or what a client sends in a transcript, begins here. */
const lineStart = String.raw`(?<=(?:^|[\r\n]|> |[CS]: |>>> |-> )[ \t]{0,4})`;

/**
 * Settings whose next word is the secret: [what the text begins with, the words before the value, and, where words of another sense can
 * stand there, that the value must look like a secret].
 */
export const settings: readonly (readonly [beginnings: string, words: string, needs?: 'looks'])[] = [
  ['snm', String.raw`snmp(?:-server|-agent)?${gap}(?:set${gap})?community${gap}(?:(?:read|write)${gap})?${kind}`],
  ['roc rwc', String.raw`r[ow]community6?${gap}`],
  ['com', String.raw`com2sec6?${gap}(?:-Cn${gap}\S{1,64}${gap})?\S{1,64}${gap}\S{1,64}${gap}`],
  ['tra', String.raw`trap(?:2)?(?:community|sink${gap}\S{1,128})${gap}`],
  ['cre', String.raw`createUser${gap}(?:-e${gap}\S{1,64}${gap})?\S{1,64}${gap}(?:MD5|SHA(?:-?[0-9]{3})?)${gap}`],
  ['DES AES', String.raw`(?:DES|AES(?:-?[0-9]{3})?)${gap}(?=["'])`],
  ['aut', String.raw`auth${gap}(?:md5|sha(?:-?[0-9]{1,3})?)${gap}${kind}`],
  ['pri', String.raw`priv${gap}(?:des(?:56)?|3des|aes)(?:[ \t-]{0,4}(?:128|192|256))?${gap}${kind}`],
  ['aut', String.raw`auth(?:entication)?-(?:key|password|passphrase)${gap}${kind}`],
  ['pri', String.raw`privacy-(?:key|password|passphrase)${gap}${kind}`],
  ['key', String.raw`key-string${gap}${kind}`],
  ['pre', String.raw`pre-shared-key${gap}(?:(?:local|remote)${gap})?${kind}`],
  ['psk', String.raw`psksecret${gap}${kind}`],
  ['wpa', String.raw`wpa-(?:psk|passphrase)${gap}(?:(?:ascii|hex|set-key${gap}ascii)${gap})?${kind}`],
  ['mes', String.raw`message-digest-key${gap}[0-9]{1,3}${gap}md5${gap}${kind}`],
  [
    'tac rad',
    String.raw`(?:tacacs|radius)(?:-server)?${gap}(?:server${gap})?(?:host${gap}\S{1,128}${gap}(?:auth-port${gap}[0-9]{1,5}${gap})?(?:acct-port${gap}[0-9]{1,5}${gap})?)?key${gap}${kind}`,
  ],
  ['cry', String.raw`crypto${gap}isakmp${gap}key${gap}${kind}`],
  ['ena', String.raw`enable${gap}(?:password|secret)${gap}(?:level${gap}[0-9]{1,2}${gap})?${kind}`],
  [
    'use',
    String.raw`user(?:name)?${gap}\S{1,64}${gap}(?:privilege${gap}[0-9]{1,2}${gap})?(?:password|secret)${gap}(?:(?:sha512|md5|algorithm-type${gap}\S{1,16}${gap}secret)${gap})?${kind}`,
  ],
  ['nei', String.raw`neighbor${gap}\S{1,64}${gap}password${gap}${kind}`],
  ['cha', String.raw`chap${gap}(?:password|secret)${gap}${kind}`],
  ['pap', String.raw`pap${gap}sent-username${gap}\S{1,64}${gap}password${gap}${kind}`],
  ['enc', String.raw`encrypted-password${gap}`],
  ['pla', String.raw`plain-?text-password(?:-value)?${gap}`],
  [
    'set',
    String.raw`set${gap}(?:password|passwd|psksecret|passphrase|community|auth-pwd|priv-pwd|private-key|key)${gap}ENC${gap}`,
  ],
  [
    'sta',
    String.raw`standby${gap}[0-9]{1,4}${gap}authentication${gap}(?:text${gap}|md5${gap}key-string${gap})?${kind}`,
  ],
  // Web servers and proxies: headers, variables and logins.
  [
    'pro fas uws scg grp add hea Hea set Set env rep Req',
    String.raw`(?:proxy_set_header|(?:fastcgi|uwsgi|scgi)_param|grpc_set_header|add_header|header(?:_up|_down)?|(?:[Rr]equest[Hh]eader|Header)${gap}(?:always${gap})?(?:set|add|append|merge|setifempty)|(?:set|add|replace)-header|SetEnv|setenv|(?<![.-])env)${gap}[+>?-]?${named}(?:[Bb]earer${gap}|[Bb]asic${gap})?(?![=$%:])`,
  ],
  ['set', String.raw`set${gap}\$(?<name>\w{2,64})${gap}(?!\$|["']\$)`],
  [
    'hdr',
    String.raw`hdr\(["']?(?<name>[\w-]{2,64})["']?(?:,[^)\s]{0,16})?\)${gap}(?:(?:-[fimn]|str|beg|eq|--)${gap}){0,4}`,
  ],
  ['sta', String.raw`stats${gap}auth${gap}[^\s:]{1,64}:`],
  ['bas', String.raw`basic_?auth${gap}(?:["']?[^\s:"']{1,64}["']?(?::|${gap}))`, 'looks'],
  ['sec', String.raw`secure_link_md5${gap}["'][^"'\r\n]{0,200}[ \t]`],
  // Mail, chat and cache protocols.
  [
    'AUT',
    String.raw`AUTH(?:ENTICATE)?${gap}["']?(?:PLAIN|LOGIN|XOAUTH2?|OAUTHBEARER|CRAM-MD5|NTLM|EXTERNAL)["']?${gap}`,
    'looks',
  ],
  ['AUT aut', String.raw`${lineStart}(?:AUTH|auth)${gap}(?:\S{1,64}${gap})?`, 'looks'],
  [
    'LOG',
    String.raw`(?<=(?<![A-Za-z0-9])[A-Za-z]{0,4}[0-9]{1,6}[ \t])LOGIN${gap}(?:"[^"\r\n]{1,128}"|[^\s"]{1,128})${gap}`,
    'looks',
  ],
  ['PAS', String.raw`${lineStart}PASS${gap}(?=\S{1,256}[ \t]{0,4}(?:[\r\n]|$))`, 'looks'],
  ['OPE', String.raw`${lineStart}OPER${gap}\S{1,64}${gap}`, 'looks'],
  ['IDE', String.raw`IDENTIFY${gap}(?:\S{1,32}${gap})?(?=\S{1,256}[ \t]{0,4}(?:[\r\n]|$))`, 'looks'],
  ['AUT aut', String.raw`(?<=")(?:AUTH|auth)"${gap}(?:"[^"\r\n]{1,64}"${gap})?(?=")`, 'looks'],
  ['SET set', String.raw`(?:SETUSER|setuser)${gap}\S{1,64}(?:${gap}[^\s>]\S{0,64}){0,8}${gap}>`],
  [
    'ver Ver sec Sec one One two Two 2FA MFA OTP otp TOT rec Rec bac Bac',
    String.raw`(?:[Vv]erification|[Ss]ecurity|[Oo]ne-time|[Tt]wo-factor|2FA|MFA|OTP|otp|TOTP|[Rr]ecovery|[Bb]ackup)(?:${gap}(?:codes?|pin|PIN|passcode|token))?(?:${gap}is:?|:)${gap}(?=[0-9]{3}[ -]?[0-9]{1,5}(?![\w.:/])|[0-9a-z]{4,8}-[0-9a-z]{4,8}(?![\w.-]))`,
  ],
  // Virtual private networks: ipsec.secrets, chap-secrets, wg.
  ['PSK EAP XAU NTL', String.raw`(?<=:[ \t]{0,8})(?:PSK|EAP|XAUTH|NTLM)${gap}(?=["']|0[sx])`],
  ['RSA ECD', String.raw`(?<=:[ \t]{0,8})(?:RSA|ECDSA)${gap}[^\s"]{1,128}${gap}(?=")`],
  [
    'ppp l2t ppt',
    String.raw`(?:pppd?|l2tpd?|pptpd)${gap}(?=\S{4,256}[ \t]{1,8}(?:\*|[0-9.]{7,15})[ \t]{0,4}(?:[\r\n]|$))`,
  ],
  // Schemes of stored passwords, as in directories and mail servers.
  [
    'SHA SSH MD5 SMD CRY PBK ARG BLF PLA CLE NTL LAN noo bcr scr arg pbk MD4',
    String.raw`(?<=\{)(?:S?SHA(?:-?[0-9]{3})?|S?MD[45]|CRYPT|PBKDF2[\w-]{0,16}|ARGON2\w{0,2}|BLF-CRYPT|SHA[0-9]{3}-CRYPT|PLAIN|CLEAR(?:TEXT)?|NTLM|LANMAN|noop|bcrypt|scrypt|argon2|pbkdf2)\}(?![/\s])`,
  ],
];
