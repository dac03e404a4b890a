import type { ComponentChildren } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { PhoneIcon } from '../icons';
import { useApp } from './app';
import { dialledPhone } from './format';
import { useTitle } from './hooks';

interface HeadingProps {
  readonly children: string;
  /** The page's title; the heading itself when there is none. */
  readonly title?: string;
}

/**
 * The heading of a screen. When a new one appears, focus moves to it, so that a screen reader reads on from there: at once, before a key that
 * is meant for the new screen can be pressed.
 */
export function Heading({ children, title }: HeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useTitle(title ?? children);
  useLayoutEffect(() => {
    scrollTo({ top: 0 });
    heading.current?.focus({ preventScroll: true });
  }, [children]);
  return (
    <h1 ref={heading} tabIndex={-1}>
      {children}
    </h1>
  );
}

/** "Call the practice 01 23 45 67 89". Nothing when the practice has given no number. */
export function PhoneLink({ button = false }: { readonly button?: boolean }) {
  const { t, format, phone } = useApp();
  if (phone === '') {
    return null;
  }
  return (
    <a class={button ? 'button' : 'phone'} href={`tel:${dialledPhone(phone)}`}>
      <PhoneIcon />
      <span>
        {button ? t.frame.callPractice : `${t.frame.help} ${t.frame.callPractice}`} <b>{format.phone(phone)}</b>
      </span>
    </a>
  );
}

/** One polite paragraph with a coloured edge. */
export function Notice({ kind, children }: { readonly kind?: 'bad' | 'good'; readonly children: ComponentChildren }) {
  return <div class={kind === undefined ? 'notice' : `notice ${kind}`}>{children}</div>;
}
