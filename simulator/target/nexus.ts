import type { Nexus } from "../port/index.ts";
import { type Guest, portalGroup } from "./login-desk.ts";

/**
 * A session as an I_T nexus (RFC 7143, 4.4.1): initiator and ISID name the initiator port, so that the same one is known again
 * after a new login. Its TransportID is that of an initiator port (SPC-5, 7.6.4.6, format 01b).
 */
export function nexusOf({ initiator, isid }: Guest): Nexus {
  const port = `${initiator},i,0x${Buffer.from(isid).toString("hex")}`;
  const text = Buffer.from(`${port}\0`, "utf8");
  const transportId = new Uint8Array(4 + Math.max(20, Math.ceil(text.length / 4) * 4));
  transportId[0] = 0x45;
  transportId[2] = (transportId.length - 4) >>> 8;
  transportId[3] = (transportId.length - 4) & 0xff;
  transportId.set(text, 4);
  return { name: `${port} at group ${String(portalGroup)}`, transportId };
}
