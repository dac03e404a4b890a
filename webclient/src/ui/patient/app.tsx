import { render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { newCall, newLocalMedia } from '../../session/browser';
import type { Call, JoinAs } from '../../session/call';
import { reportDevices } from '../../session/devicetest';
import { newHolder } from '../documents/port';
import { AppContext, type Surroundings } from '../parts/app';
import { Chime } from '../parts/chime';
import { Check } from './check';
import type { PageData } from './page';
import { isEarly } from './planned';
import { Room } from './room';
import type { Seat, SeatMemory } from './seat';

export interface PatientAppOptions {
  readonly page: PageData;
  readonly surroundings: Surroundings;
  readonly memory: SeatMemory;
  readonly aim: 'test' | 'enter';
  /** Remembered from before a reload: no questions again. */
  readonly seat: Seat | null;
}

export interface PatientApp {
  /** The back button. True: the app keeps the page (a call must not end by a stray tap). */
  back(): boolean;
  close(): void;
}

/** openApp draws the check, the waiting room and the call into `where`. Runs in a chunk of its own. */
export function openApp(where: HTMLElement, options: PatientAppOptions): PatientApp {
  const local = newLocalMedia();
  const chime = new Chime();
  void chime.unlock();
  const state: { call: Call | null; backs: number; over: boolean } = { call: null, backs: 0, over: false };
  const documents = newHolder(options.page.ticket);
  const as: JoinAs = {
    ticket: options.page.ticket,
    language: options.surroundings.language,
    seat: options.memory.proof(),
  };

  const enter = (seat: Seat): void => {
    options.memory.keep(seat);
    history.replaceState(null, '', '#wait');
    state.over = false;
    if (seat.microphone && local.snapshot.microphone !== 'on') {
      void local.openMicrophone();
    }
    if (seat.camera && local.snapshot.camera !== 'on') {
      void local.openCamera();
    }
    state.call ??= newCall(local);
    state.call.join(as, seat.devices);
  };
  const draw = (): void => {
    render(
      <AppContext.Provider value={options.surroundings}>
        <Flow />
      </AppContext.Provider>,
      where,
    );
  };

  function Flow() {
    const [seat, setSeat] = useState(options.seat);
    const call = state.call;
    useEffect(() => {
      document.documentElement.lang = options.surroundings.language;
      return () => document.body.classList.remove('in-call');
    }, []);
    if (seat === null || call === null) {
      return (
        <Check
          local={local}
          aim={options.aim}
          practitioner={options.page.practitioner}
          early={() => isEarly(options.page, Date.now())}
          report={devices => reportDevices(options.page.ticket, devices)}
          onEnter={found => {
            enter(found);
            setSeat(found);
          }}
        />
      );
    }
    return (
      <Room
        call={call}
        local={local}
        chime={chime}
        practitioner={options.page.practitioner}
        documents={documents}
        backs={state.backs}
        onComeBack={() => enter(seat)}
        onEnded={reason => {
          state.over = true;
          if (reason !== 'stopped') {
            options.memory.forget();
          }
        }}
        onCall={inCall => document.body.classList.toggle('in-call', inCall)}
      />
    );
  }

  if (options.seat !== null) {
    enter(options.seat);
  }
  draw();
  const leaving = (): void => state.call?.close();
  addEventListener('pagehide', leaving);
  return {
    back() {
      if (state.call === null || state.over) {
        return false;
      }
      state.backs++;
      draw();
      return true;
    },
    close() {
      removeEventListener('pagehide', leaving);
      render(null, where);
      documents.current?.close();
      state.call?.close();
      local.close();
      chime.close();
    },
  };
}
