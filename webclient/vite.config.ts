import { defineConfig } from 'vite';
import { pages } from './plugins/pages';
import { precompress } from './plugins/precompress';
import { languages } from './src/ui/i18n/languages';

// dist/pages/<page>.<language>.html (Go templates) and dist/assets/<name>-<hash>.{js,css,svg…}[.gz].
// Nothing is ever inlined: the pages' Content-Security-Policy allows neither inline code nor data: addresses.
export default defineConfig({
  appType: 'mpa',
  base: '/',
  plugins: [pages({ dir: 'pages', catalogues: 'src/ui/i18n', languages }), precompress()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['es2022', 'chrome111', 'firefox115', 'safari16'],
    outDir: 'dist',
    emptyOutDir: true,
    assetsDir: 'assets',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    sourcemap: false,
    reportCompressedSize: false,
  },
});
