/** The shapes of tokens that issuers mark with a prefix of their own, each with the characters it begins with. Data; looks for nothing itself. */

const hexDigits = [...'0123456789ABCDEF'];
/** `*00` to `*FF` */
const starredHex = hexDigits.flatMap((first) => hexDigits.map((second) => `*${first}${second}`)).join(' ');

/**
 * Prefixes are the issuers' documented ones. Every shape begins with fixed characters and repeats one character class with an end,
 * so no text can make the engine try twice. The first field lists the first three characters of all a shape can begin with.
 */
const families: readonly (readonly [beginnings: string, shape: RegExp])[] = [
  // Clouds.
  ['AKI ASI ABI ACC', /(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}(?![A-Z0-9])/], // AWS
  ['AIz', /AIza[A-Za-z0-9_-]{35}/], // Google
  ['ya2', /ya29\.[A-Za-z0-9_-]{20,2048}/],
  ['1//', /1\/\/0[A-Za-z0-9_-]{30,512}/], // Google, refresh token
  ['GOC', /GOCSPX-[A-Za-z0-9_-]{20,64}/],
  ['AAA', /AAAA[A-Za-z0-9_-]{7}:APA91[A-Za-z0-9_-]{60,300}/], // Firebase messaging
  ['dop doo dor', /do[opr]_v1_[a-f0-9]{64}/], // DigitalOcean
  ['LTA', /LTAI(?:[A-Za-z0-9]{12}|[A-Za-z0-9]{20})(?![A-Za-z0-9])/], // Alibaba
  ['AKI', /AKID[A-Za-z0-9]{32}(?![A-Za-z0-9])/], // Tencent
  ['AQV', /AQVN[A-Za-z0-9_-]{35,38}/], // Yandex
  ['fm1 fm2', /fm(?:1[ar]|2)_[A-Za-z0-9+/=_,-]{40,4096}/], // Fly
  ['HRK', /HRKU-[A-Za-z0-9_-]{30,128}/], // Heroku
  ['v1.', /v1\.0-[a-f0-9]{24}-[a-f0-9]{100,160}/], // Cloudflare, origin CA
  ['rnd', /rnd_[A-Za-z0-9]{28,64}/], // Render
  ['nfp', /nfp_[A-Za-z0-9]{36,64}/], // Netlify
  ['ver', /vercel_blob_rw_[A-Za-z0-9_]{20,128}/],
  ['AVN', /AVNS_[A-Za-z0-9_-]{16,64}/], // Aiven
  ['dap', /dapi[a-f0-9]{32}(?:-[0-9]{1,2})?/], // Databricks
  // Code and packages.
  ['ghp gho ghu ghs ghr', /gh[pousr]_[A-Za-z0-9]{20,255}/], // GitHub
  ['git', /github_pat_[A-Za-z0-9_]{22,255}/],
  [
    'glp gld glr glc glo gls glf gli gla glw',
    /gl(?:pat|dt|rt|rtr|ptt|cbt|oas|soat|ft|imt|agent|ffct|wt)-[A-Za-z0-9_=.-]{16,300}/, // GitLab
  ],
  ['GR1', /GR1348941[A-Za-z0-9_-]{20,64}/],
  ['npm', /npm_[A-Za-z0-9]{30,64}/],
  ['pyp', /pypi-[A-Za-z0-9_-]{50,512}/],
  ['rub', /rubygems_[a-f0-9]{48}/],
  ['cio', /cio[A-Za-z0-9]{32}(?![A-Za-z0-9])/], // crates.io
  ['oy2', /oy2[a-z0-9]{43}(?![A-Za-z0-9])/], // NuGet
  ['CLO', /CLOJARS_[a-z0-9]{60}/],
  ['AKC', /AKCp[A-Za-z0-9]{60,90}/], // JFrog
  ['cmV', /cmVmdGtuO[A-Za-z0-9_-]{50,128}/],
  ['sqp squ sqa', /sq[pua]_[a-f0-9]{40}/], // SonarQube
  ['dck', /dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,64}/], // Docker
  ['ATA ATC ATB', /AT(?:ATT3xFf|CTT3xFf|BB)[A-Za-z0-9_=-]{24,300}/], // Atlassian
  ['sgp', /sgp_(?:(?:[a-f0-9]{16}|local)_)?[a-f0-9]{40}/], // Sourcegraph
  ['bku', /bkua_[a-f0-9]{40}/], // Buildkite
  ['CCI', /CCIP(?:AT|RJ)_[A-Za-z0-9_]{20,128}/], // CircleCI
  ['pul', /pul-[a-f0-9]{40}/], // Pulumi
  ['pnu', /pnu_[A-Za-z0-9]{36}/], // Prefect
  ['hvs hvb hvr', /hv[sbr]\.[A-Za-z0-9_-]{20,300}/], // HashiCorp Vault
  ['dp.', /dp\.(?:pt|st|sa|ct|scim|audit)\.[A-Za-z0-9_.-]{30,128}/], // Doppler
  ['ops', /ops_eyJ[A-Za-z0-9_=-]{40,2048}/], // 1Password
  ['AGE', /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{58,128}/],
  ['tsk', /tskey-[a-z]{2,16}-[A-Za-z0-9-]{12,128}/], // Tailscale
  ['nbp', /nbp_[A-Za-z0-9]{36}/], // NetBird
  ['ico', /ico-[A-Za-z0-9]{32}/], // Infracost
  // Messages and mail.
  ['xox', /xox[abcdeoprs](?:\.xox[a-z]-|-)[A-Za-z0-9%-]{10,300}/], // Slack
  ['xap', /xapp-[0-9]-[A-Za-z0-9-]{10,300}/],
  ['hoo', /hooks\.slack(?:-gov)?\.com\/(?:services|workflows|triggers)\/[A-Za-z0-9+/]{20,200}/],
  ['SG.', /SG\.[A-Za-z0-9_-]{16,64}\.[A-Za-z0-9_-]{16,128}/], // SendGrid
  ['key', /key-[a-f0-9]{32}(?![a-f0-9])/], // Mailgun
  ['xke xsm', /x(?:keysib|smtpsib)-[a-f0-9]{64}-[A-Za-z0-9]{16}/], // Brevo
  ['re_', /re_[A-Za-z0-9]{8}_[A-Za-z0-9]{20,32}/], // Resend
  // Payment and shops.
  ['sk_ rk_', /[sr]k_(?:live|test|prod)_[A-Za-z0-9_]{10,250}/], // Stripe and others
  ['whs', /whsec_[A-Za-z0-9+/=]{20,250}/],
  ['sq0', /sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{22,64}/], // Square
  ['EAA', /EAAA[A-Za-z0-9_-]{60}(?![A-Za-z0-9_-])/], // Square
  ['EAA', /EAA[A-Za-z0-9]{100,512}(?![A-Za-z0-9])/], // Facebook
  ['shp', /shp(?:at|ca|pa|ss|tka)_[a-fA-F0-9]{32}/], // Shopify
  ['rzp', /rzp_(?:live|test)_[A-Za-z0-9]{14,32}/], // Razorpay
  ['FLW', /FLWSECK(?:_TEST)?-[A-Za-z0-9-]{12,64}/], // Flutterwave
  ['acc', /access_token\$(?:production|sandbox)\$[a-z0-9]{16}\$[a-f0-9]{32}/], // Braintree
  ['acc', /access-(?:production|sandbox|development)-[a-f0-9-]{36}/], // Plaid
  ['shi', /shippo_(?:live|test)_[a-f0-9]{40}/],
  ['EZA EZT', /EZ[AT]K[A-Za-z0-9]{54}/], // EasyPost
  ['duf', /duffel_(?:live|test)_[A-Za-z0-9_-]{40,64}/],
  // Models.
  ['sk-', /sk-(?:proj|svcacct|admin|ant|or|lf)-[A-Za-z0-9_-]{16,300}/], // OpenAI, Anthropic, OpenRouter, Langfuse
  ['sk-', /sk-[A-Za-z0-9]{32,128}/],
  ['sk_', /sk_[a-f0-9]{48}/], // ElevenLabs
  ['hf_', /hf_[A-Za-z0-9]{30,64}/], // Hugging Face
  ['xai', /xai-[A-Za-z0-9]{60,128}/],
  ['gsk', /gsk_[A-Za-z0-9]{40,64}/], // Groq
  ['ppl', /pplx-[A-Za-z0-9]{40,64}/], // Perplexity
  ['r8_', /r8_[A-Za-z0-9]{37}/], // Replicate
  ['fw_', /fw_[A-Za-z0-9]{22,32}/], // Fireworks
  ['tgp', /tgp_v1_[A-Za-z0-9_-]{40,64}/], // Together
  ['pcs', /pcsk_[A-Za-z0-9_]{40,128}/], // Pinecone
  ['lsv', /lsv2_(?:pt|sk)_[a-f0-9]{32}_[a-f0-9]{10}/], // LangSmith
  // Data and observation.
  ['gls', /glsa_[A-Za-z0-9_]{32,64}/], // Grafana
  ['glc', /glc_[A-Za-z0-9+/=]{32,300}/],
  ['NRA NRI NRJ', /NR(?:AK|II|IQ|JS|AA)-[A-Za-z0-9_-]{19,64}/], // New Relic
  ['dt0', /dt0[a-z][0-9]{2}\.[A-Z0-9]{24}\.[A-Z0-9]{64}/], // Dynatrace
  ['snt', /sntry[su]_[A-Za-z0-9_=+/-]{40,512}/], // Sentry
  ['hca hci hcx', /hc[aix]i[ck]_[A-Za-z0-9]{40,64}/], // Honeycomb
  ['phx', /phx_[A-Za-z0-9]{40,64}/], // PostHog
  ['sbp', /sbp_(?:v0_)?[a-f0-9]{40}/], // Supabase
  ['sb_', /sb_secret_[A-Za-z0-9_-]{20,64}/],
  ['npg', /npg_[A-Za-z0-9]{12,64}/], // Neon
  ['psc', /pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_=.-]{32,64}/], // PlanetScale
  ['sec', /sec-c-[A-Za-z0-9-]{36,64}/], // PubNub
  // Work.
  ['lin', /lin_(?:api|oauth)_[A-Za-z0-9]{32,64}/], // Linear
  ['ntn', /ntn_[A-Za-z0-9]{40,64}/], // Notion
  ['sec', /secret_[A-Za-z0-9]{43}(?![A-Za-z0-9])/],
  ['fig', /fig[doru]_[A-Za-z0-9_-]{30,64}/], // Figma
  ['pat', /pat[A-Za-z0-9]{14}\.[a-f0-9]{64}/], // Airtable
  ['pat', /pat-(?:na|eu)[0-9]-[a-f0-9-]{36}/], // HubSpot
  ['PMA', /PMA[KT]-[a-f0-9]{24}-[a-f0-9]{34}/], // Postman
  ['sl.', /sl\.(?:u\.)?[A-Za-z0-9_-]{60,2048}/], // Dropbox
  ['CFP', /CFPAT-[A-Za-z0-9_-]{43}/], // Contentful
  ['tfp', /tfp_[A-Za-z0-9_.-]{40,64}/], // Typeform
  ['rdm', /rdme_[a-z0-9]{70}/], // ReadMe
  ['per', /perm[:-][A-Za-z0-9+/=]{4,64}\.[A-Za-z0-9+/=]{2,64}\.[A-Za-z0-9+/=]{20,64}/], // JetBrains
  ['PVE', /PVEAPIToken=[^\s"']{8,128}/], // Proxmox
  ['sdk', /sdk-[a-f0-9]{8}-[a-f0-9]{4}-4[a-f0-9]{3}-[89ab][a-f0-9]{3}-[a-f0-9]{12}(?![a-f0-9-])/], // LaunchDarkly, on a server
  ['API', /API-[A-Z0-9]{26}(?![A-Za-z0-9])/], // Octopus Deploy
  ['fo1', /fo1_[A-Za-z0-9_-]{43}/], // Fly
  ['dnk', /dnkey-[A-Za-z0-9=_-]{26}-[A-Za-z0-9=_-]{52}/], // Defined Networking
  ['fio', /fio-u-[A-Za-z0-9=_-]{64}/], // Frame.io
  ['p8e', /p8e-[A-Za-z0-9]{32}(?![A-Za-z0-9])/], // Adobe
  ['sm_', /sm_[aps]at_[A-Za-z0-9]{16}(?![A-Za-z0-9])/], // SettleMint
  ['tk-', /tk-us-[A-Za-z0-9_-]{48}/], // Scalingo
  ['4b1', /4b1d[A-Za-z0-9]{38}(?![A-Za-z0-9])/], // ClickHouse Cloud
  ['sha', /sha256~[A-Za-z0-9_-]{43}(?![A-Za-z0-9_-])/], // OpenShift
  ['A3-', /A3-[A-Z0-9]{6}-(?:[A-Z0-9]{11}|[A-Z0-9]{6}-[A-Z0-9]{5})-[A-Z0-9]{5}-[A-Z0-9]{5}-[A-Z0-9]{5}/], // 1Password
  // Stored passwords, as frameworks and databases write them.
  ['pbk', /pbkdf2(?:_|:|-)sha(?:1|256|512)[$:][0-9]{1,8}\$[^\s$"']{4,64}\$[A-Za-z0-9+/=.]{20,128}/], // Django, Werkzeug
  ['scr', /scrypt:[0-9:]{5,16}\$[^\s$"']{4,64}\$[a-f0-9]{32,256}/], // Werkzeug
  ['SCR', /SCRAM-SHA-(?:1|256)\$[0-9]{1,8}:[A-Za-z0-9+/=]{8,64}\$[A-Za-z0-9+/=]{20,64}:[A-Za-z0-9+/=]{20,64}/], // PostgreSQL
  [starredHex, /\*[0-9A-F]{40}(?![0-9A-Za-z])/], // MySQL
  ['aad', /aad3b435b51404eeaad3b435b51404ee:[a-f0-9]{32}(?![a-f0-9])/], // Windows, behind the empty hash of LAN Manager
  ['$P$ $H$ $S$', /\$(?:[PH]\$[A-Za-z0-9./]{31}|S\$[A-Za-z0-9./]{52})/], // phpass, Drupal
  // Formats.
  ['eyJ', /(?<!-)eyJ[A-Za-z0-9_-]{8,8192}\.[A-Za-z0-9_-]{8,16384}\.[A-Za-z0-9_.-]{0,8192}/], // JWT and JWE; not after "-", so that runs of one long word are read once
  ['sk. tk.', /[st]k\.eyJ[A-Za-z0-9_-]{16,512}\.[A-Za-z0-9_-]{16,128}/], // Mapbox
  ['b3B', /b3BlbnNzaC1rZXktdjE[A-Za-z0-9+/=\r\n]{20,}/], // "openssh-key-v1" in base64: a private key without its first line
  [
    'LS0',
    /LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFURS|BFQyBQUklWQVRF|BPUEVOU1NIIFBSSVZBVE|BFTkNSWVBURUQgUFJJVkFURS|BEU0EgUFJJVkFURS)[A-Za-z0-9+/=]{20,32768}/,
  ], // "-----BEGIN … PRIVATE" in base64
  ['xpr', /xprv[A-Za-z0-9]{100,112}/], // BIP 32
];

export const tokenShapes: readonly RegExp[] = families.map(([, shape]) => shape);

/** What a token can begin with, and the shapes that begin so. */
export const tokenBeginnings: ReadonlyMap<string, readonly RegExp[]> = families.reduce(
  (byBeginning, [beginnings, shape]) => {
    for (const beginning of beginnings.split(' '))
      byBeginning.set(beginning, [...(byBeginning.get(beginning) ?? []), shape]);
    return byBeginning;
  },
  new Map<string, RegExp[]>(),
);
