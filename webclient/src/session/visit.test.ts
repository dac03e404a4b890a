import { expect, test } from 'vitest';
import { FakeClock, settle } from '../testing/clock';
import { DeskError } from './http';
import { NoteBook } from './visit';

/** A server that keeps one note. */
function scene() {
  const clock = new FakeClock();
  const note = { text: '', revision: 0 };
  const asked: string[] = [];
  let down = false;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    asked.push(method);
    expect(path).toBe('/consultations/c_1/note');
    if (down) {
      throw new DeskError('lost', 'down');
    }
    if (method === 'PUT') {
      const { text, revision } = body as { text: string; revision: number };
      if (revision !== note.revision) {
        throw new DeskError('conflict', 'changed');
      }
      note.text = text;
      note.revision += 1;
    }
    return { ...note };
  };
  const book = new NoteBook(ask, clock, 'c_1');
  return { clock, note, asked, book, setDown: (is: boolean) => (down = is) };
}

test('what is written is kept after a pause, once', async () => {
  const { clock, note, asked, book } = scene();
  await book.load();
  expect(book.snapshot).toMatchObject({ text: '', state: 'kept' });
  book.write('C');
  book.write('Cough');
  expect(book.snapshot.state).toBe('writing');
  await clock.pass(1200);
  expect(note.text).toBe('Cough');
  expect(book.snapshot.state).toBe('kept');
  expect(asked).toEqual(['GET', 'PUT']);
});

test('somebody who types without a pause is kept all the same', async () => {
  const { clock, note, book } = scene();
  await book.load();
  for (let i = 0; i < 12; i++) {
    book.write('x'.repeat(i + 1));
    await clock.pass(800);
  }
  expect(note.text.length).toBeGreaterThan(5);
});

test('without a server it is kept on the page, said so, and sent later', async () => {
  const { clock, note, book, setDown } = scene();
  await book.load();
  setDown(true);
  book.write('Cough');
  await clock.pass(1200);
  expect(book.snapshot).toMatchObject({ text: 'Cough', state: 'unkept' });
  setDown(false);
  await clock.pass(5000);
  expect(note.text).toBe('Cough');
});

test('what another tab wrote is not lost, nor what is written here', async () => {
  const { clock, note, book } = scene();
  await book.load();
  note.text = 'Theirs';
  note.revision = 1;
  book.write('Mine');
  await clock.pass(1200);
  expect(book.snapshot).toMatchObject({ text: 'Mine', state: 'conflict', theirs: 'Theirs' });
  book.write('Mine, more');
  await clock.pass(20_000);
  expect(note.text).toBe('Theirs');
  book.both();
  await clock.pass(1200);
  expect(note.text).toBe('Theirs\n\nMine, more');
  expect(book.snapshot.state).toBe('kept');
});

test('closing keeps what is there', async () => {
  const { note, book } = scene();
  await book.load();
  book.write('Last words');
  book.close();
  await settle();
  expect(note.text).toBe('Last words');
});
