/** Variables that hold keys of model providers: the only secrets of the operator that an agent gets, and only those its profile lists. */

export const anthropicKeys = ['ANTHROPIC_API_KEY', 'ANTHROPIC_AUTH_TOKEN', 'ANTHROPIC_BASE_URL'] as const;
export const openaiKeys = ['OPENAI_API_KEY', 'OPENAI_BASE_URL'] as const;
export const googleKeys = [
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
  'GOOGLE_CLOUD_PROJECT',
  'GOOGLE_CLOUD_LOCATION',
] as const;

/** For agents that can talk to any provider. */
export const modelKeys = [
  ...anthropicKeys,
  ...openaiKeys,
  ...googleKeys,
  'OPENROUTER_API_KEY',
  'GROQ_API_KEY',
  'MISTRAL_API_KEY',
  'XAI_API_KEY',
  'DEEPSEEK_API_KEY',
] as const;
