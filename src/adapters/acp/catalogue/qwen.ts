/** Qwen Code: its own tools are excluded by name, and ours are allowed by name, so that only our gate asks about them. */
import { openaiKeys } from './model-keys.ts';
import { profile, toolServerName } from './profile.ts';

/** Everything it brings but `tool_search`, through which the model finds the tools of MCP servers, and its own note of what is left to do. */
const localTools = [
  'run_shell_command',
  'edit',
  'write_file',
  'read_file',
  'read_many_files',
  'list_directory',
  'glob',
  'grep_search',
  'search_file_content',
  'lsp',
  'web_fetch',
  'web_search',
  'save_memory',
  'agent',
  'skill',
  'task_stop',
  'send_message',
  'monitor',
  'cron_create',
  'cron_list',
  'cron_delete',
];

export const qwen = profile({
  id: 'qwen',
  label: 'Qwen Code',
  command: ['qwen', '--acp'],
  installHint: 'npm install --global @qwen-code/qwen-code',
  localToolsOff: true,
  passEnv: [...openaiKeys, 'OPENAI_MODEL', 'DASHSCOPE_API_KEY'],
  tried: true,
  settings: {
    path: '.qwen/settings.json',
    variable: null,
    content: {
      tools: { exclude: localTools },
      permissions: { allow: [`mcp__${toolServerName}__*`], deny: localTools },
    },
  },
});
