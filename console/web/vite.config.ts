/// <reference types="vitest/config" />
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// `npm run dev` beside a running system: the page from here, everything else from its edge.
const edge = process.env["INTERLOCK_EDGE"] ?? 'http://localhost:8080';
// The edge takes commands only from its own page's address: it must see the one that the browser sees.
const toEdge = { target: edge, changeOrigin: false };
const proxy = { '/api': toEdge, '/session': toEdge };

export default defineConfig({
  plugins: [react()],
  build: {
    target: 'es2022',
    sourcemap: false,
    chunkSizeWarningLimit: 700,
    manifest: true,
  },
  server: { proxy },
  // `npx vite preview`: the same with the built page
  preview: { proxy },
  test: {
    environment: 'jsdom',
    globals: true,
    setupFiles: ['src/test/setup.ts'],
    include: ['src/**/*.test.{ts,tsx}'],
  },
});
