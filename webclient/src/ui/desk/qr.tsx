import { useEffect, useState } from 'preact/hooks';

/** A QR code as one path. The encoder is fetched with the first code. */
export function QrCode({ text, label }: { readonly text: string; readonly label: string }) {
  const [drawing, setDrawing] = useState<{ readonly size: number; readonly path: string } | null>(null);
  useEffect(() => {
    let gone = false;
    void import('uqr').then(({ encode }) => {
      if (gone) {
        return;
      }
      const { size, data } = encode(text, { ecc: 'M', border: 4 });
      const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('');
      setDrawing({ size, path });
    });
    return () => {
      gone = true;
    };
  }, [text]);
  if (drawing === null) {
    return null;
  }
  return (
    <svg class="qr" viewBox={`0 0 ${drawing.size} ${drawing.size}`} role="img" aria-label={label}>
      <rect width={drawing.size} height={drawing.size} fill="#fff" />
      <path d={drawing.path} fill="#000" />
    </svg>
  );
}
