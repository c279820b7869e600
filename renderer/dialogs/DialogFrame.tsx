import { Dialog } from '@base-ui/react/dialog';
import { X } from 'lucide-react';
import type { ReactNode } from 'react';
import { useAppStore } from '../store/context';

interface Props {
  title: string;
  testId: string;
  /** For tables. */
  wide?: boolean;
  children: ReactNode;
}

/** The frame that all dialogs share: title, close, Escape. */
export function DialogFrame({ title, testId, wide = false, children }: Props) {
  const store = useAppStore();
  return (
    <Dialog.Root open onOpenChange={(open) => !open && store.getState().dialogs.close()}>
      <Dialog.Portal>
        <Dialog.Backdrop className="dialog-backdrop" />
        <Dialog.Popup className={wide ? 'dialog wide' : 'dialog'} data-testid={testId}>
          <div className="dialog-head">
            <Dialog.Title render={<h2 />}>{title}</Dialog.Title>
            <span className="grow" />
            <Dialog.Close className="button quiet icon" aria-label="Close">
              <X size={15} />
            </Dialog.Close>
          </div>
          <div className="dialog-body">{children}</div>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
