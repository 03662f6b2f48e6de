/**
 * Invocations of database, cluster, container and cloud tools that are known to only read. Nothing here allows: it says which of them
 * an exact rule may lift. A positive list, first words first; what it does not know is no read.
 */

interface ToolReads {
  readonly names: readonly string[];
  /** Texts of one or two first words. */
  readonly verbs: readonly string[];
  /** Words that end it: resources that hold secrets, options that write, run, follow, or read a program from elsewhere. */
  readonly never?: RegExp;
}

/** `inspect` shows environments, which is where containers keep their passwords. */
const containerVerbs = [
  ...['ps', 'images', 'logs', 'version', 'info', 'top', 'port', 'diff', 'stats'],
  ...['container ls', 'image ls', 'network ls'],
  ...['network inspect', 'volume ls', 'volume inspect', 'system df', 'compose ps', 'compose ls'],
];
const followed = /^(-f|--follow|-w|--watch.*|--latest)$/;

const tools: readonly ToolReads[] = [
  { names: ['docker', 'podman', 'nerdctl'], verbs: containerVerbs, never: followed },
  { names: ['crictl'], verbs: ['ps', 'pods', 'images', 'logs', 'stats', 'info', 'version'], never: followed },
  { names: ['docker-compose'], verbs: ['ps', 'ls', 'images', 'top', 'version'] },
  {
    names: ['kubectl', 'oc'],
    verbs: [
      ...['get', 'describe', 'logs', 'top', 'version', 'explain', 'api-resources', 'api-versions', 'cluster-info'],
      ...['rollout status', 'rollout history', 'auth can-i', 'config current-context', 'config get-contexts'],
    ],
    never:
      /^(.*\bsecrets?\b.*|all|-f|--follow|--follow=.*|-w|--watch.*|--kubeconfig.*|--raw.*|--token.*|dump|--output-directory.*|(-f|--filename|-k|--kustomize).+)$/i,
  },
  { names: ['helm'], verbs: ['list', 'ls', 'status', 'history', 'version', 'search repo', 'show chart', 'repo list'] },
  {
    names: ['terraform', 'tofu'],
    verbs: ['version', 'validate', 'providers', 'state list', 'workspace list', 'workspace show'],
  },
  { names: ['etcdctl'], verbs: ['member list', 'endpoint health', 'endpoint status', 'version', 'alarm list'] },
  {
    names: ['rabbitmqctl'],
    verbs: ['status', 'list_queues', 'list_exchanges', 'list_bindings', 'list_connections', 'cluster_status'],
  },
  { names: ['consul'], verbs: ['members', 'info', 'version', 'catalog services', 'catalog nodes'] },
  { names: ['nomad'], verbs: ['status', 'job status', 'node status', 'server members', 'version'] },
  { names: ['virsh'], verbs: ['list', 'dominfo', 'domstate', 'nodeinfo', 'version', 'pool-list', 'net-list'] },
  {
    names: ['redis-cli', 'valkey-cli'],
    verbs: [
      'ping',
      'info',
      'dbsize',
      'lastsave',
      'time',
      'ttl',
      'type',
      'exists',
      'llen',
      'scard',
      'hlen',
      'zcard',
      'strlen',
    ],
  },
];

/** Cloud tools name what they do in one word: `describe-instances`, `list`. Values of parameters and secrets are not for reading. */
const cloudVerbs: Readonly<Record<string, RegExp>> = {
  aws: /^(describe|list)-[a-z0-9-]+$/,
  gcloud: /^(list|describe)$/,
  az: /^(list|show)$/,
};
const cloudSecrets = /secret|ssm|parameter|credential|token|password|key|login|iam|user-data|attribute/i;

/** Statements of one SELECT over tables, without a function that might do more than count. */
const sqlTools: Readonly<Record<string, readonly string[]>> = {
  psql: ['-c', '-d', '-t', '-A', '-At', '-x', '-X', '-w', '-U', '-h', '-p'],
  mysql: ['-e', '-N', '-B', '-u', '-h', '-P', '-D'],
  mariadb: ['-e', '-N', '-B', '-u', '-h', '-P', '-D'],
};
const sqlRead =
  /^(select( |$)(?!.*\b(into|for)\b)|show (databases|tables|status|variables|processlist|all)$|show (full )?(tables|processlist)\b)/i;

/** True for a command of a middleware family whose every word is known to only read. */
export function isMiddlewareRead(argv: readonly string[]): boolean {
  const [program = '', ...args] = argv;
  const name = program.replace(/^\/(usr\/)?s?bin\//, '');
  const tool = tools.find(({ names }) => names.includes(name));
  if (tool !== undefined) return isToolRead(tool, args);
  const cloudVerb = Object.hasOwn(cloudVerbs, name) ? cloudVerbs[name] : undefined;
  if (cloudVerb !== undefined) return isCloudRead(cloudVerb, args);
  const sqlOptions = Object.hasOwn(sqlTools, name) ? sqlTools[name] : undefined;
  return sqlOptions !== undefined && isSqlRead(sqlOptions, args);
}

function isToolRead(tool: ToolReads, args: readonly string[]): boolean {
  const first = (args[0] ?? '').toLowerCase();
  const two = `${first} ${(args[1] ?? '').toLowerCase()}`;
  if (!tool.verbs.includes(first) && !tool.verbs.includes(two)) return false;
  if (first === 'stats' && !args.includes('--no-stream')) return false;
  return tool.never === undefined || !args.some((word) => tool.never?.test(word) === true);
}

function isCloudRead(verb: RegExp, args: readonly string[]): boolean {
  const operands = args.filter((word) => !word.startsWith('-'));
  if (
    args.some((word) => cloudSecrets.test(word) || /^--(cli-input|debug|endpoint|flags-file|account-file)/.test(word))
  )
    return false;
  // The verb stands among the first words; a value of an option is not taken for it.
  return operands.slice(0, 4).some((word, index) => index > 0 && verb.test(word) && args.indexOf(word) === index);
}

function isSqlRead(known: readonly string[], args: readonly string[]): boolean {
  let statements = 0;
  for (let at = 0; at < args.length; at += 1) {
    const word = args[at] ?? '';
    if (!word.startsWith('-')) {
      // The name of a database.
      if (!/^[A-Za-z0-9_]+$/.test(word)) return false;
      continue;
    }
    if (!known.includes(word)) return false;
    if (!/^-[cedUuhpPD]$/.test(word)) continue;
    at += 1;
    const value = args[at] ?? '';
    if (word === '-c' || word === '-e') {
      if (!isSqlStatement(value)) return false;
      statements += 1;
    } else if (!/^[A-Za-z0-9_.-]+$/.test(value)) return false;
  }
  return statements === 1;
}

function isSqlStatement(text: string): boolean {
  const statement = text.trim().replace(/;$/, '').trim();
  if (!sqlRead.test(statement) || /[;\\`@$]|--|\/\*|:=/.test(statement)) return false;
  const withoutCounts = statement.replace(/\b(count|min|max|sum|avg)\((\*|[A-Za-z0-9_.]+)\)/gi, '');
  return !withoutCounts.includes('(');
}
