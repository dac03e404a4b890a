package kv

import (
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	bolt "go.etcd.io/bbolt"
	berrors "go.etcd.io/bbolt/errors"
)

// ensureFile makes the store's file unless there is one. A half-made file never bears the name: it is written and synced
// under another, and takes the name when it is whole.
func ensureFile(path string) (err error) {
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), temporaryPrefix(path)+"*")
	if err != nil {
		return fmt.Errorf("kv: create: %w", err)
	}
	defer func() { _ = os.Remove(temp.Name()) }()
	err = initialise(temp.Name())
	if err == nil {
		err = temp.Sync()
	}
	if err = errors.Join(err, temp.Close()); err == nil {
		err = giveName(temp.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("kv: create: %w", err)
	}
	return nil
}

// giveName links, and does not rename: a rename would replace what another process has made, and opened, meanwhile.
func giveName(temp, path string) error {
	if err := os.Link(temp, path); err != nil {
		if _, made := os.Stat(path); made == nil {
			return nil // by that other process, whose lock we now wait for
		}
		return err
	}
	return syncFolder(filepath.Dir(path))
}

func temporaryPrefix(path string) string { return filepath.Base(path) + ".new-" }

// removeTemporaries removes what a process that was killed while it made the file has left, and perhaps what one that is
// about to find the name taken would remove itself. The caller holds the file's lock.
func removeTemporaries(path string) error {
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), temporaryPrefix(path)) {
			continue
		}
		if gone := os.Remove(filepath.Join(filepath.Dir(path), e.Name())); !errors.Is(gone, fs.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	}
	return err
}

func initialise(path string) error {
	db, err := bolt.Open(path, 0o600, &bolt.Options{Timeout: time.Second, FreelistType: bolt.FreelistMapType})
	if err != nil {
		return err
	}
	err = db.Update(func(tx *bolt.Tx) error {
		for _, name := range buckets() {
			if _, err := tx.CreateBucket(name); err != nil {
				return err
			}
		}
		meta := tx.Bucket(metaBucket())
		return errors.Join(meta.Put(formatKey(), uint64Bytes(fileFormat)), meta.Put(revisionKey(), uint64Bytes(0)))
	})
	return errors.Join(err, db.Close())
}

const leastFile = 2 * 4096 // bytes of bbolt's two meta pages

// openFile opens a file that exists. bbolt trusts what it finds and ends in a panic, or a fault on a page that is not
// there, when the file is not whole; so the length is compared with what the newest meta page says before more is read.
func openFile(path string, lockTimeout time.Duration) (db *bolt.DB, err error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("kv: open: %w", err)
	}
	if info.Size() < leastFile {
		return nil, fmt.Errorf("%w: %s has only %d bytes", ErrFormat, path, info.Size())
	}
	if err := checkLength(path, lockTimeout); err != nil {
		return nil, err
	}
	db, err = openBolt(path, &bolt.Options{
		Timeout:         lockTimeout,
		InitialMmapSize: mmapSize(info.Size()),
		FreelistType:    bolt.FreelistMapType,
		NoStatistics:    true,
	})
	if err != nil {
		return nil, err
	}
	if err := db.View(checkFormat); err != nil {
		return nil, errors.Join(fmt.Errorf("%w (%s)", err, path), db.Close())
	}
	return db, nil
}

func checkLength(path string, lockTimeout time.Duration) error {
	db, err := openBolt(path, &bolt.Options{Timeout: lockTimeout, ReadOnly: true, NoStatistics: true}) // reads the meta pages only
	if err != nil {
		return err
	}
	err = db.View(func(tx *bolt.Tx) error {
		info, err := os.Stat(path)
		if err == nil && info.Size() < tx.Size() {
			err = fmt.Errorf("%w: %s is cut off: %d bytes of %d", ErrFormat, path, info.Size(), tx.Size())
		}
		return err
	})
	return errors.Join(err, db.Close())
}

func openBolt(path string, options *bolt.Options) (*bolt.DB, error) {
	var db *bolt.DB
	err := guard(func() (err error) {
		db, err = bolt.Open(path, 0o600, options)
		return err
	})
	if err == nil {
		return db, nil
	}
	if errors.Is(err, berrors.ErrTimeout) {
		return nil, fmt.Errorf("%w: %s", ErrLocked, path)
	}
	for _, damage := range []error{berrors.ErrInvalid, berrors.ErrVersionMismatch, berrors.ErrChecksum, ErrFailed} {
		if errors.Is(err, damage) {
			return nil, fmt.Errorf("%w: %s: %w", ErrFormat, path, err)
		}
	}
	return nil, fmt.Errorf("kv: open %s: %w", path, err)
}

func checkFormat(tx *bolt.Tx) error {
	for _, name := range buckets() {
		if tx.Bucket(name) == nil {
			return fmt.Errorf("%w: no %s", ErrFormat, name)
		}
	}
	b := tx.Bucket(metaBucket()).Get(formatKey())
	if len(b) != 8 || binary.BigEndian.Uint64(b) != fileFormat {
		return fmt.Errorf("%w: format %x, this program reads %d", ErrFormat, b, fileFormat)
	}
	return nil
}

// mmapSize is how much address space to map at first. A write that outgrows the map waits for all readers, a backup that
// takes minutes included, and makes new readers wait for itself; so map far ahead. It costs no memory.
func mmapSize(fileSize int64) int {
	const least = 1 << 30
	switch {
	case runtime.GOOS == "windows":
		return 0 // there the file itself is made as long as the map
	case strconv.IntSize == 32:
		return 256 << 20
	default:
		return int(max(least, 4*fileSize))
	}
}

func syncFolder(path string) error {
	if runtime.GOOS == "windows" {
		return nil // folders can not be synced there
	}
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// guard turns a panic of bbolt, which it throws at a damaged file, into an error: one request must not leave the locks of
// all others behind it.
func guard(f func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("%w: %v", ErrFailed, r)
		}
	}()
	return f()
}
