package webclient

import "embed"

// dist is what `npm run build` wrote. "all:" takes .keep in as well, so that there is always a file to embed.
//
//go:embed all:dist
var dist embed.FS
