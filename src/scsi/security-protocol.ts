import { putNumber } from "./bytes.ts";
import { opcode } from "./opcodes.ts";

/** SPC-5, table 241: which protocols there are at all, and tape data encryption (SSC-5, 9.5). */
export const securityProtocol = { information: 0x00, tapeDataEncryption: 0x20 } as const;

/** SECURITY PROTOCOL IN (SPC-5, 6.40): a page of that protocol. Lengths count bytes, not blocks of 512 (INC_512 is 0). */
export function securityProtocolInCdb(protocol: number, page: number, allocationBytes: number): Uint8Array {
  return securityCdb(opcode.securityProtocolIn, protocol, page, allocationBytes);
}

/** SECURITY PROTOCOL OUT (SPC-5, 6.41). */
export function securityProtocolOutCdb(protocol: number, page: number, parameterBytes: number): Uint8Array {
  return securityCdb(opcode.securityProtocolOut, protocol, page, parameterBytes);
}

function securityCdb(code: number, protocol: number, page: number, lengthBytes: number): Uint8Array {
  const cdb = new Uint8Array(12);
  cdb[0] = code;
  cdb[1] = protocol;
  putNumber(cdb, 2, 2, page);
  putNumber(cdb, 6, 4, lengthBytes);
  return cdb;
}
