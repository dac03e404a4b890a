import { render } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Tile } from '../../session/call';
import { useStream } from '../parts/hooks';

interface DocumentPictureInPicture {
  requestWindow(options: { width: number; height: number }): Promise<Window>;
}

function documentPictures(): DocumentPictureInPicture | null {
  return 'documentPictureInPicture' in window ? (window.documentPictureInPicture as DocumentPictureInPicture) : null;
}

export interface Floating {
  readonly state: 'possible' | 'floating' | 'impossible';
  toggle(): void;
}

/**
 * The other side's picture in a small window above all others, for a practitioner who writes in another program.
 * A document window where the browser has them, else the video element's own.
 */
export function useFloating(tile: Tile | null, name: string): Floating {
  const [pip, setPip] = useState<Window | null>(null);
  const [video, setVideo] = useState(false);
  const open = useRef<Window | null>(null);
  open.current = pip;
  useEffect(() => () => open.current?.close(), []);
  useEffect(() => {
    if (pip !== null) {
      render(<FloatingView stream={tile?.stream ?? null} name={name} />, pip.document.body);
    }
  }, [pip, tile?.stream, name]);

  const possible = documentPictures() !== null || document.pictureInPictureEnabled === true;
  const openDocument = async (pictures: DocumentPictureInPicture): Promise<void> => {
    const opened = await pictures.requestWindow({ width: 420, height: 300 });
    opened.document.documentElement.lang = document.documentElement.lang;
    opened.document.title = name;
    for (const sheet of document.querySelectorAll<HTMLLinkElement>('link[rel="stylesheet"]')) {
      opened.document.head.append(sheet.cloneNode());
    }
    opened.document.body.className = 'floating';
    opened.addEventListener('pagehide', () => {
      render(null, opened.document.body);
      setPip(null);
    });
    setPip(opened);
  };
  const openVideo = async (): Promise<void> => {
    const element = document.querySelector<HTMLVideoElement>('.stage .people video');
    if (element === null) {
      return;
    }
    await element.requestPictureInPicture();
    setVideo(true);
    element.addEventListener('leavepictureinpicture', () => setVideo(false), { once: true });
  };
  return {
    state: pip !== null || video ? 'floating' : possible ? 'possible' : 'impossible',
    toggle() {
      if (pip !== null) {
        pip.close();
        return;
      }
      if (video) {
        void document.exitPictureInPicture();
        return;
      }
      const pictures = documentPictures();
      // Refused (no gesture, a policy): the picture simply stays where it is.
      (pictures === null ? openVideo() : openDocument(pictures)).catch(() => undefined);
    },
  };
}

function FloatingView({ stream, name }: { readonly stream: MediaStream | null; readonly name: string }) {
  const video = useStream<HTMLVideoElement>(stream);
  return (
    <div class="tile">
      {stream !== null && <video ref={video} class="contain" autoplay playsInline muted />}
      <p class="label">{name}</p>
    </div>
  );
}
