const nanosecondsOfSecond = 1_000_000_000n;

/** Seconds as a decimal number with as many digits as needed, also below zero: -1.5 is one and a half seconds before 1970. */
export function paxTime(timeNs: bigint): string {
  const magnitude = timeNs < 0n ? -timeNs : timeNs;
  const fraction = String(magnitude % nanosecondsOfSecond)
    .padStart(9, "0")
    .replace(/0+$/, "");
  return `${timeNs < 0n ? "-" : ""}${String(magnitude / nanosecondsOfSecond)}${fraction === "" ? "" : `.${fraction}`}`;
}

/** What comes behind the ninth digit is cut off, towards the past. Undefined when it is no time. */
export function parsePaxTime(text: string): bigint | undefined {
  const match = /^(-?)([0-9]{1,18})(?:\.([0-9]{0,40}))?$/.exec(text);
  if (!match) return undefined;
  const fraction = match[3] ?? "";
  const magnitude = BigInt(match[2]!) * nanosecondsOfSecond + BigInt(fraction.slice(0, 9).padEnd(9, "0"));
  if (match[1] === "") return magnitude;
  return /[1-9]/.test(fraction.slice(9)) ? -magnitude - 1n : -magnitude;
}
