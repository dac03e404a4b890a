//go:build unix

package document

import "golang.org/x/sys/unix"

// freeBytes is how much room the file system of the folder has for us.
func freeBytes(dir string) (int64, error) {
	var s unix.Statfs_t
	if err := unix.Statfs(dir, &s); err != nil {
		return 0, err
	}
	return int64(uint64(s.Bavail) * uint64(s.Bsize)), nil
}
