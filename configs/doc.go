// Package configs is what an operator may set: one Config that nests the packages' own Config types, its defaults, and how it is loaded.
//
//	defaults  <  file (--config)  <  environment (COLLOQUE_…, for secrets and containers)  <  flags
//
// Every field stands in example.yaml, which is embedded, documented, and equal to the defaults; a test holds that. Unknown keys and values that
// can't work are errors of one line that say what to change. Nothing here opens a file but Load, and nothing listens.
package configs
