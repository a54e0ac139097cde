import { measureStreaming } from "./streaming-bench.ts";

// node test/support/streaming-main.ts [terabytes on each drive] [GiB of spool]: ends non-zero where a drive streams less than 97 % or stops oftener than once in 100 GB.
const terabytes = Number(process.argv[2] ?? "1");
const spoolGibibytes = Number(process.argv[3] ?? "400");
const segmentBytes = 4 * 2 ** 30;

for (const [source, bytesPerSecond, stalls] of [["steady, as fast as the drives", 450e6, false], ["180 MB/s, stands still at random", 180e6, true]] as const) {
  const drives = await measureStreaming({ segments: Math.ceil((terabytes * 1e12) / segmentBytes), segmentBytes, spoolBytes: spoolGibibytes * 2 ** 30, bytesPerSecond, stalls });
  for (const [number, drive] of drives.entries()) {
    const share = `${(drive.streamingShare * 100).toFixed(2)} % of ${drive.hours.toFixed(2)} hours streaming`;
    const stops = `${String(drive.backhitches)} backhitches, ${drive.backhitchesPer100GB.toFixed(2)} in 100 GB`;
    if (drive.streamingShare < 0.97 || drive.backhitchesPer100GB > 1) process.exitCode = 1;
    process.stdout.write(`${source}; drive ${String(number)}: ${(drive.writtenBytes / 1e12).toFixed(2)} TB, ${share}, ${stops}\n`);
  }
}
