/** qwen: a relative of gemini that reads and writes files through the client; its shell and web tools are excluded by name. */
import { openaiKeys } from './model-keys.ts';
import { profile } from './profile.ts';

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
  'web_fetch',
  'web_search',
  'save_memory',
];

export const qwen = profile({
  id: 'qwen',
  label: 'Qwen Code',
  command: ['qwen', '--acp'],
  installHint: 'npm install --global @qwen-code/qwen-code',
  localToolsOff: true,
  passEnv: [...openaiKeys, 'DASHSCOPE_API_KEY'],
  settings: {
    path: '.qwen/settings.json',
    variable: null,
    content: { tools: { exclude: localTools }, permissions: { deny: localTools } },
  },
});
