import { dialog, type BrowserWindow, type MessageBoxOptions } from 'electron';

/** A yes-or-no question in a dialog of main's own. The safe answer is the default and what Escape gives. */
export interface Question {
  message: string;
  detail: string;
  yes: string;
  no: string;
  type?: MessageBoxOptions['type'];
}

export type Ask = (question: Question) => Promise<boolean>;

export function createAsk(window: () => BrowserWindow | null): Ask {
  return async ({ message, detail, yes, no, type = 'question' }) => {
    const options: MessageBoxOptions = {
      type,
      title: 'Plumbline',
      message,
      detail,
      buttons: [no, yes],
      defaultId: 0,
      cancelId: 0,
      noLink: true,
    };
    const parent = window();
    const { response } = await (parent
      ? dialog.showMessageBox(parent, options)
      : dialog.showMessageBox(options));
    return response === 1;
  };
}
