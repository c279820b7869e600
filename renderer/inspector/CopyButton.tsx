import { Copy } from 'lucide-react';
import { useState } from 'react';
import { writeClipboard } from '../results/clipboard';

/** Copies a text and says so until the focus leaves. */
export function CopyButton({ label, text }: { label: string; text(): string }) {
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      className="button"
      onBlur={() => setDone(false)}
      onClick={() => void writeClipboard(text()).then(() => setDone(true))}
    >
      <Copy size={12} /> {done ? 'Copied' : label}
    </button>
  );
}
