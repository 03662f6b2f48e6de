/** Which variables mean that an agent needs this machine's loopback, and which resolvers are on it. */
import { describe, expect, it } from 'vitest';
import { findLoopbackUse } from '../../../src/runtime/isolation/loopback-use.ts';
import { isResolvedOnLoopback } from '../../../src/runtime/isolation/own-network.ts';

describe('an address of the loopback among variables', () => {
  it.each([
    ['OPENAI_BASE_URL', 'http://127.0.0.1:11434/v1'],
    ['ANTHROPIC_BASE_URL', 'http://localhost:8080'],
    ['ANTHROPIC_BASE_URL', 'https://LOCALHOST'],
    ['HTTPS_PROXY', 'http://user:word@127.0.0.1:3128'],
    ['ALL_PROXY', 'socks5://[::1]:1080'],
    ['OLLAMA_HOST', '127.0.0.1:11434'],
    ['OLLAMA_HOST', '0.0.0.0:11434'],
    ['CODEX_CONFIG', '{"model_providers":{"x":{"base_url":"http://127.0.0.53:9/v1"}}}'],
    ['LIST', 'a=localhost:1'],
  ])('%s=%s is found', (name, value) => {
    expect(findLoopbackUse({ A: 'b', [name]: value })).toBe(name);
  });

  it.each([
    ['NO_PROXY', 'localhost:80,127.0.0.1:443,::1'],
    ['no_proxy', 'localhost:80'],
    ['OPENAI_BASE_URL', 'https://api.example.com/v1'],
    ['OPENAI_BASE_URL', 'http://localhost.example.com:80'],
    ['OPENAI_BASE_URL', 'http://127.0.0.1.example.com'],
    ['OPENAI_BASE_URL', 'http://10.127.0.1:80'],
    ['X', 'localhost'],
    ['X', '1127.0.0.1:80'],
    ['HOME', '/home/localhost:80x'],
  ])('%s=%s is none', (name, value) => {
    expect(findLoopbackUse({ [name]: value })).toBeNull();
  });
});

describe('a resolv.conf', () => {
  it.each([
    ['nameserver 127.0.0.53\noptions edns0\n', true],
    ['nameserver 127.0.0.1\nnameserver ::1\n', true],
    ['# nameserver 192.0.2.1\n', true],
    ['', true],
    ['nameserver 192.0.2.1\n', false],
    ['nameserver 127.0.0.1\nnameserver 192.0.2.1\n', false],
    ['  nameserver\tfe80::1%eth0\n', false],
    ['nameserver nonsense\n', true],
  ])('%j is resolved on loopback: %s', (text, expected) => {
    expect(isResolvedOnLoopback(text)).toBe(expected);
  });
});
