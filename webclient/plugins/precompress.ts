// Writes <asset>.gz beside every text asset, and dist/.keep again, so that Go's embed always finds a file.

import { gzipSync } from 'node:zlib';
import type { Plugin } from 'vite';

const texts = /\.(js|css|svg|json|txt|webmanifest)$/;

export function precompress(): Plugin {
  return {
    name: 'colloque:precompress',
    apply: 'build',
    enforce: 'post',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const file of Object.values(bundle)) {
          if (!texts.test(file.fileName)) {
            continue;
          }
          const source = file.type === 'chunk' ? file.code : file.source;
          this.emitFile({ type: 'asset', fileName: `${file.fileName}.gz`, source: gzipSync(source, { level: 9 }) });
        }
        this.emitFile({ type: 'asset', fileName: '.keep', source: '' });
      },
    },
  };
}
