/** Qwen Code: its own tools are denied by name, and ours are allowed by name, so that only our gate asks about them. */
import { openaiKeys } from './model-keys.ts';
import { profile, toolServerName } from './profile.ts';

/** Everything it brings but the reading of resources of MCP servers, which are ours alone. */
const localTools = [
  ...[
    'run_shell_command',
    'edit',
    'write_file',
    'notebook_edit',
    'read_file',
    'read_many_files',
    'list_directory',
    'glob',
  ],
  ...[
    'grep_search',
    'search_file_content',
    'lsp',
    'enter_worktree',
    'exit_worktree',
    'monitor',
    'task_stop',
    'task_create',
  ],
  ...['web_fetch', 'web_search', 'record_artifact', 'report_findings', 'send_message', 'create_sub_session'],
  ...['agent', 'list_agents', 'skill', 'save_memory', 'get_goal', 'update_goal', 'enter_plan_mode', 'exit_plan_mode'],
  ...['ask_user_question', 'todo_write', 'loop_wakeup', 'cron_create', 'cron_list', 'cron_delete'],
];

export const qwen = profile({
  id: 'qwen',
  label: 'Qwen Code',
  command: ['qwen', '--acp'],
  installHint: 'npm install --global @qwen-code/qwen-code',
  localToolsOff: true,
  env: {
    // Else the first turns begin before the tools of MCP servers are known.
    QWEN_CODE_LEGACY_MCP_BLOCKING: '1',
    // It restarts itself otherwise, and the first process would be the one we end.
    QWEN_CODE_NO_RELAUNCH: 'true',
  },
  passEnv: [...openaiKeys, 'OPENAI_MODEL', 'DASHSCOPE_API_KEY'],
  // By the source of qwen-code 0.24.4. Keys may also stand under `env` of its settings.
  loginFiles: ['.qwen/oauth_creds.json', '.qwen/.env', '.qwen/settings.json'],
  movedBy: [{ variable: 'QWEN_HOME', folder: '.qwen' }],
  tried: true,
  settings: {
    path: '.qwen/settings.json',
    variable: null,
    content: {
      // Names that are not registered cannot be looked for either; ours are declared at once instead of being looked for.
      tools: { exclude: localTools, disabled: localTools, toolSearch: { enabled: false }, approvalMode: 'default' },
      permissions: { allow: [`mcp__${toolServerName}__*`], deny: localTools },
      // After a turn it would let a further agent, which has a shell whatever is denied, write down what was said.
      memory: { enableManagedAutoMemory: false, enableManagedAutoDream: false, enableAutoSkill: false },
      general: { enableAutoUpdate: false },
      privacy: { usageStatisticsEnabled: false },
    },
    keeps: ['security', 'model', 'modelProviders', 'env'],
  },
  isOurTool: ({ meta }) => meta.provenance === 'mcp' && meta.serverId === toolServerName,
});
