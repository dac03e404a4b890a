import { deskWords } from '../i18n/desk';
import { useApp } from '../parts/app';
import { usePart } from '../parts/hooks';
import { Notice } from '../parts/screen';
import { useShell } from '../shell/context';

/** For who signs in with links only: how to come back by oneself. It asks for nothing, and stands in the way of nothing. */
export function ComeBackOffer() {
  const { desk } = useShell();
  const { t } = useApp(deskWords);
  const offered = usePart(desk, ({ me }) => me !== null && !me.hasMeans);
  if (!offered) {
    return null;
  }
  return (
    <div class="notices">
      <Notice>
        <p>
          {t.desk.comeBack} <a href="/desk/settings/sign-in">{t.desk.comeBackHow}</a>
        </p>
      </Notice>
    </div>
  );
}
