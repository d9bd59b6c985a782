/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` beside a running system: the page from here, everything else from its edge.
const edge = process.env["INTERLOCK_EDGE"] ?? 'http://localhost:8080';

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    manifest: true,
  },
  server: { proxy: { '/api': edge, '/session': edge } },
  // `npx vite preview`: the same with the built page
  preview: { proxy: { '/api': edge, '/session': edge } },
  test: {
    environment: 'jsdom',
    globals: true,
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
