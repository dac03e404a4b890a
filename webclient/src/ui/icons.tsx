import type { JSX } from 'preact';

/** icon makes a component of one line drawing on a 24 × 24 grid. It is decoration: the words beside it say the same. */
function icon(...paths: string[]): () => JSX.Element {
  return drawing('icon', paths);
}

/** directed makes one that points along the line, and so is mirrored from right to left (styles/base.css). */
function directed(...paths: string[]): () => JSX.Element {
  return drawing('icon directed', paths);
}

function drawing(className: string, paths: readonly string[]): () => JSX.Element {
  return () => (
    <svg class={className} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      {paths.map(path => (
        <path key={path} d={path} />
      ))}
    </svg>
  );
}

const microphone = [
  'M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3z',
  'M5.5 11a6.5 6.5 0 0 0 13 0',
  'M12 17.5V21',
  'M9 21h6',
];
const camera = [
  'M4.5 6.5h9a2 2 0 0 1 2 2v7a2 2 0 0 1-2 2h-9a2 2 0 0 1-2-2v-7a2 2 0 0 1 2-2z',
  'M15.5 11l6-3.5v9l-6-3.5',
];
const stroke = 'M3.5 3.5l17 17';

export const MicrophoneIcon = icon(...microphone);
export const MicrophoneOffIcon = icon(...microphone, stroke);
export const CameraIcon = icon(...camera);
export const CameraOffIcon = icon(...camera, stroke);
export const MessageIcon = icon(
  'M5 4.5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7.5L7 20.5v-4H5a2 2 0 0 1-2-2v-8a2 2 0 0 1 2-2z',
);
export const HangUpIcon = icon(
  'M3 14.5c0-1.5.5-2.6 1.6-3.3C6.700 9.800 9.200 9 12 9s5.300.8 7.400 2.200c1.100.7 1.600 1.800 1.600 3.300v1.300c0 .6-.5 1-1.100.9l-3.600-.7a1.200 1.200 0 0 1-.9-1.100l-.1-2.100a11 11 0 0 0-6.600 0l-.1 2.100a1.200 1.200 0 0 1-.9 1.100l-3.600.7c-.6.1-1.100-.3-1.100-.9z',
);
export const ScreenIcon = icon(
  'M4 4.500h16a1.500 1.500 0 0 1 1.500 1.500v9.500a1.500 1.500 0 0 1-1.500 1.500H4A1.500 1.500 0 0 1 2.500 15.500V6A1.500 1.500 0 0 1 4 4.500z',
  'M8.500 20.500h7',
  'M12 13.500v-5.500',
  'M9.500 10.300L12 7.800l2.500 2.500',
);
export const FloatingIcon = icon(
  'M4 5h16a1 1 0 0 1 1 1v5',
  'M21 11V6a1 1 0 0 0-1-1H4a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h6',
  'M13.500 14h7v5.500h-7z',
);
export const InviteIcon = icon(
  'M9.500 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z',
  'M3 20c.3-3.700 2.900-5.500 6.500-5.500s6.200 1.800 6.500 5.500',
  'M18.500 8v6',
  'M15.500 11h6',
);
export const WaitIcon = icon('M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18z', 'M12 7.500V12l3 2');
export const SettingsIcon = icon(
  'M4 7h9',
  'M17 7h3',
  'M15 9a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
  'M4 17h3',
  'M11 17h9',
  'M9 19a2 2 0 1 0 0-4 2 2 0 0 0 0 4z',
);
export const TurnIcon = icon(
  'M4 10a8 8 0 0 1 14.300-3.500L20 8.500',
  'M20 4v4.500h-4.500',
  'M20 14a8 8 0 0 1-14.300 3.500L4 15.500',
  'M4 20v-4.500h4.500',
);
export const PhoneIcon = icon(
  'M6.500 3.500h2.300l1.500 4-2 1.500a11.500 11.500 0 0 0 6.700 6.700l1.500-2 4 1.500v2.300a2 2 0 0 1-2.200 2A17 17 0 0 1 4.500 5.700a2 2 0 0 1 2-2.200z',
);
export const CheckIcon = icon('M4.500 12.500l5 5 10-11');
export const WarningIcon = icon('M12 3.500L2.500 20h19z', 'M12 10v4.500', 'M12 17.300v.1');
export const CloseIcon = icon('M5 5l14 14', 'M19 5L5 19');
export const DocumentIcon = icon('M6 3h8.500L19 7.500V21H6z', 'M14 3v5h5', 'M9 13h7', 'M9 16.500h7');
export const MoreIcon = icon('M5 12h.01', 'M12 12h.01', 'M19 12h.01');
export const CopyIcon = icon('M9 9h10.500v11.500H9z', 'M15 9V3.500H4.500V15H9');
export const SoundIcon = icon(
  'M4 9.500h3.500L12 5.500v13l-4.500-4H4z',
  'M15.500 9a4.200 4.200 0 0 1 0 6',
  'M18.300 6.300a8 8 0 0 1 0 11.400',
);
export const SoundOffIcon = icon('M4 9.500h3.500L12 5.500v13l-4.500-4H4z', 'M16 9.500l5 5', 'M21 9.500l-5 5');
export const BellIcon = icon('M6 16.500V11a6 6 0 0 1 12 0v5.500l1.500 1.500h-15z', 'M10 21h4');
export const SendIcon = directed('M4 12L20.500 4.500 16 20l-4.500-6z', 'M11.500 14L20.500 4.500');
export const DoorIcon = icon(
  'M5 21V4.500A1.500 1.500 0 0 1 6.500 3h8A1.500 1.500 0 0 1 16 4.500V21',
  'M3 21h18',
  'M12.500 12v.1',
);
export const PeopleIcon = icon(
  'M9 11.500a3.500 3.500 0 1 0 0-7 3.500 3.500 0 0 0 0 7z',
  'M2.500 20c.3-3.700 2.900-5.500 6.500-5.500s6.200 1.800 6.500 5.500',
  'M16 4.800a3.500 3.500 0 0 1 0 6.400',
  'M18 14.800c2.100.8 3.300 2.500 3.500 5.200',
);
export const CalendarIcon = icon('M4 5.500h16v15H4z', 'M4 10h16', 'M8.500 3v4.500', 'M15.500 3v4.500');
export const AgendaIcon = icon(
  'M4 5.500h16v15H4z',
  'M4 10h16',
  'M9.500 10v10.500',
  'M14.800 10v10.500',
  'M4 15.200h16',
  'M8.500 3v4.500',
  'M15.500 3v4.500',
);
export const PrintIcon = icon('M7 8V3.500h10V8', 'M6 17H3.500V8h17v9H18', 'M7 13.500h10v7H7z');
export const PinIcon = icon('M9 3.500h6l-.8 6 3.300 3.500H6.500L9.800 9.500z', 'M12 13v7.500');
export const RecordIcon = icon('M6 3.500h8.500L19 8v12.500H6z', 'M14 3.500V8.500h5', 'M9 12.500h7', 'M9 16.500h7');
export const SearchIcon = icon('M10.500 17a6.500 6.500 0 1 0 0-13 6.500 6.500 0 0 0 0 13z', 'M15.500 15.500l5 5');
/** Towards the beginning and the end of a line: they turn round where one reads from right to left. */
export const BackIcon = directed('M14.500 5.500L8 12l6.500 6.500');
export const ForwardIcon = directed('M9.500 5.500L16 12l-6.500 6.500');
export const PersonIcon = icon('M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8z', 'M4.500 20.500c.5-4 3.500-6 7.500-6s7 2 7.500 6');
