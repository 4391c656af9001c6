/** An XMP packet that says the picture stands upright: its pixels have been turned. */
export function uprightXmp(packet: string): string {
  return packet.replace(/(\btiff:Orientation(?:\s*=\s*["']|\s*>))\s*[1-8]/g, '$11');
}
