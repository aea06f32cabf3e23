// The published tables: which extension means which type, and what counts as active content.

/** Types by extension, preferred extension of a type first. */
const TYPES: Readonly<Record<string, string>> = {
  'image/jpeg': 'jpg jpeg jpe jfif',
  'image/png': 'png',
  'image/apng': 'apng',
  'image/gif': 'gif',
  'image/webp': 'webp',
  'image/avif': 'avif',
  'image/heic': 'heic',
  'image/heif': 'heif',
  'image/jxl': 'jxl',
  'image/tiff': 'tif tiff',
  'image/bmp': 'bmp',
  'image/x-icon': 'ico',
  'image/svg+xml': 'svg svgz',
  'image/vnd.adobe.photoshop': 'psd',
  'image/x-adobe-dng': 'dng',
  'video/mp4': 'mp4 m4v',
  'video/quicktime': 'mov qt',
  'video/webm': 'webm',
  'video/x-matroska': 'mkv',
  'video/x-msvideo': 'avi',
  'video/mpeg': 'mpg mpeg',
  'video/3gpp': '3gp',
  'audio/mpeg': 'mp3',
  'audio/mp4': 'm4a',
  'audio/aac': 'aac',
  'audio/ogg': 'ogg oga opus',
  'audio/wav': 'wav',
  'audio/flac': 'flac',
  'application/pdf': 'pdf',
  'application/zip': 'zip',
  'application/gzip': 'gz tgz',
  'application/x-tar': 'tar',
  'application/x-7z-compressed': '7z',
  'application/vnd.rar': 'rar',
  'application/json': 'json',
  'application/rtf': 'rtf',
  'application/epub+zip': 'epub',
  'application/msword': 'doc',
  'application/vnd.openxmlformats-officedocument.wordprocessingml.document': 'docx',
  'application/vnd.ms-excel': 'xls',
  'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': 'xlsx',
  'application/vnd.ms-powerpoint': 'ppt',
  'application/vnd.openxmlformats-officedocument.presentationml.presentation': 'pptx',
  'application/vnd.oasis.opendocument.text': 'odt',
  'application/vnd.oasis.opendocument.spreadsheet': 'ods',
  'application/vnd.oasis.opendocument.presentation': 'odp',
  'text/plain': 'txt log',
  'text/csv': 'csv',
  'text/markdown': 'md',
  'text/calendar': 'ics',
  'text/html': 'html htm shtml',
  'text/xml': 'xml',
  'text/javascript': 'js mjs cjs',
};

/** MIME type of each known extension (lower case, no dot). */
export const EXTENSION_TYPES: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).flatMap(([type, extensions]) =>
    extensions.split(' ').map((extension) => [extension, type] as const),
  ),
);

/** Preferred extension of each known type. */
export const TYPE_EXTENSIONS: ReadonlyMap<string, string> = new Map(
  Object.entries(TYPES).map(([type, extensions]) => [type, extensions.split(' ')[0] ?? '']),
);

/** Types that run in a browser or on a server. Every `+xml` type counts too. */
export const ACTIVE_TYPES: ReadonlySet<string> = new Set(
  (
    'text/html application/xhtml+xml image/svg+xml text/xml application/xml text/xsl text/javascript ' +
    'application/javascript application/x-javascript application/ecmascript text/ecmascript application/x-httpd-php ' +
    'text/x-php application/x-php application/x-sh text/x-sh application/x-csh application/x-msdownload ' +
    'application/x-msdos-program application/x-executable application/vnd.microsoft.portable-executable ' +
    'application/java-archive application/x-shockwave-flash application/hta message/rfc822 multipart/related'
  ).split(' '),
);

/** Extensions that run in a browser, on a server or on a desktop. */
export const ACTIVE_EXTENSIONS: ReadonlySet<string> = new Set(
  (
    'html htm shtml shtm xhtml xht mht mhtml svg svgz xml xsl xslt rss atom js mjs cjs jsx ts htc hta swf ' +
    'php php3 php4 php5 php6 php7 php8 phps pht phtml phar inc jsp jspx jsw jsv asp aspx asa ascx ashx asmx cer cgi pl py rb ' +
    'sh bash zsh csh bat cmd com exe msi scr pif dll vbs vbe wsf wsh ps1 psm1 jar war lnk reg app htaccess htpasswd url webloc'
  ).split(' '),
);
