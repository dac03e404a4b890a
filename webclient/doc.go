// Package webclient holds the built web pages inside the program: it renders a page with what the server knows, and serves the
// scripts, styles and pictures that the pages load. It imports nothing of ours; consult/api declares the interface that it satisfies.
//
//	src/, pages/ ──npm run build──▶ dist/pages/<page>.<language>.html   html/template, parsed once in New ──▶ Render
//	                                dist/assets/<name>-<hash>.js(.gz)   kept in memory as they are        ──▶ Assets
//
// On a fresh clone dist holds only .keep. Everything compiles and runs then too: Built is false, and each page says how to build the
// client.
//
// Types: Client, immutable after New and safe for concurrent use. No goroutines, no locks.
//
// Errors: ErrUnknownPage and ErrUnknownLanguage from Render; New fails when a build is incomplete (ErrIncomplete) or a template cannot
// be parsed. Render writes nothing unless the whole page could be made.
package webclient
