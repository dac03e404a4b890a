import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { CopyLink } from '../parts/copy';
import { QrCode } from './qr';

/** A patient's link, to copy or to scan. */
export function LinkCard({ link }: { readonly link: string }) {
  const { t } = useApp(deskWords);
  return (
    <div class="stack">
      <CopyLink link={link} label={t.desk.linkLabel} primary />
      <p class="quiet">{t.desk.linkHow}</p>
      <QrCode text={link} label={t.desk.qr} />
      <p class="quiet centre">{t.desk.qrHow}</p>
    </div>
  );
}
