import { defineConfig } from 'vitest/config';

// Everything below ui runs in plain Node with hand-written fakes; nothing waits for real time.
export default defineConfig({
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  test: { environment: 'node', include: ['src/**/*.test.{ts,tsx}', 'plugins/**/*.test.ts'], testTimeout: 5000 },
});
