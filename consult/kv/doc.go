// Package kv is the ordered key-value store under consult: a small interface that bbolt fills on one machine and etcd can
// fill on several, with one suite of tests (kvtest) for all engines. It knows nothing of what is stored.
package kv
