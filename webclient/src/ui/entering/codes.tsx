import { useEffect, useRef, useState } from 'preact/hooks';
import { enteringWords } from '../i18n/entering';
import { useApp } from '../parts/app';
import { CheckField } from '../parts/field';

/** Recovery codes, once. They stay until the person says that they have kept them. */
export function RecoveryCodes({ codes, onKept }: { readonly codes: readonly string[]; readonly onKept: () => void }) {
  const { t } = useApp(enteringWords);
  const [kept, setKept] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => heading.current?.focus(), []);
  return (
    <section class="stack recovery">
      <h2 ref={heading} tabIndex={-1}>
        {t.entering.codesHeading}
      </h2>
      <p>{t.entering.codesMore}</p>
      <ul class="codes" dir="ltr">
        {codes.map(code => (
          <li key={code}>
            <code>{code}</code>
          </li>
        ))}
      </ul>
      <div class="row noprint">
        <button type="button" class="button small" onClick={() => print()}>
          {t.entering.codesPrint}
        </button>
      </div>
      <div class="noprint">
        <CheckField label={t.entering.codesKept} checked={kept} onCheck={setKept} />
      </div>
      <button type="button" class="button primary noprint" disabled={!kept} onClick={onKept}>
        {t.entering.codesNext}
      </button>
    </section>
  );
}
