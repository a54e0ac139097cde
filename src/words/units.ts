const iecUnits = ["B", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB"] as const;

/** `1536` → `1.5 KiB`: sizes of files and media, as people read them. */
export function formatBytes(sizeBytes: number): string {
  let value = sizeBytes;
  let unit = 0;
  while (Math.abs(value) >= 1024 && unit < iecUnits.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? String(value) : value.toFixed(1)} ${iecUnits[unit]!}`;
}

/** `4.0e8` → `400 MB/s`: rates in decimal megabytes, as drives are sold. */
export function formatRate(bytesPerSecond: number): string {
  const megabytes = bytesPerSecond / 1e6;
  return `${megabytes >= 10 ? megabytes.toFixed(0) : megabytes.toFixed(1)} MB/s`;
}

/** `3725` → `1:02:05`; below an hour `2:05`. */
export function formatDuration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  const hours = Math.floor(whole / 3600);
  const minutes = Math.floor((whole % 3600) / 60);
  const tail = String(whole % 60).padStart(2, "0");
  return hours > 0 ? `${String(hours)}:${String(minutes).padStart(2, "0")}:${tail}` : `${String(minutes)}:${tail}`;
}
const sizePattern = /^(\d+(?:\.\d+)?)\s*([kmgtp]?)(i?)b?$/i;

/** `4GiB`, `512 KiB`, `300MB`, `1000` → bytes; undefined when it is not a size. IEC with `i`, SI without. */
export function parseBytes(text: string): number | undefined {
  const match = sizePattern.exec(text.trim());
  if (!match) return undefined;
  const power = " kmgtp".indexOf(match[2]!.toLowerCase() || " ");
  return Math.round(Number(match[1]) * (match[3] === "" ? 1000 : 1024) ** power);
}
