/** Names of initiators and targets (RFC 7143, 4.2.7): `iqn.`, `eui.` and `naa.`, in lower case, at most 223 bytes. */
const patterns = [
  /^iqn\.\d{4}-(0[1-9]|1[0-2])\.[a-z0-9][a-z0-9.-]*(:[^\s\p{Cc}\p{Cf}]+)?$/u,
  /^eui\.[0-9a-f]{16}$/i,
  /^naa\.[0-9a-f]{16}([0-9a-f]{16})?$/i,
];

export function isIscsiName(name: string): boolean {
  return Buffer.byteLength(name) <= 223 && patterns.some((pattern) => pattern.test(name));
}

export const defaultPort = 3260;

/** Where a target listens. `group` is the portal group tag of a TargetAddress. */
export interface Portal {
  readonly host: string;
  readonly port: number;
  readonly group?: number;
}

const portalPattern = /^(?:\[([0-9a-f:.]{2,45})\]|([a-z0-9_](?:[a-z0-9._-]{0,252})))(?::(\d{1,5}))?(?:,(\d{1,5}))?$/i;

/** `host`, `host:port`, `[v6]:port`, each with `,group` in TargetAddress (RFC 7143, 13.8). Undefined when it is none of these. */
export function parsePortal(text: string): Portal | undefined {
  const [, v6, name, port, group] = portalPattern.exec(text) ?? [];
  const host = v6 ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  if (host === undefined || number === 0 || number > 0xffff) return undefined;
  return { host, port: number, ...(group === undefined ? {} : { group: Number(group) }) };
}

export function formatPortal({ host, port }: Portal): string {
  return host.includes(":") ? `[${host}]:${String(port)}` : `${host}:${String(port)}`;
}
