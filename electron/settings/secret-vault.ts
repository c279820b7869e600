/** The operating system's store for secrets, as far as it is real encryption. */
export interface SecretVault {
  available(): Promise<boolean>;
  /** Ciphertext in base64. */
  encrypt(text: string): Promise<string>;
  /** Throws when the ciphertext is of another user, machine or key. */
  decrypt(ciphertext: string): Promise<string>;
}

/** What Electron's safeStorage offers: the asynchronous half since 41, the other one until 45. */
export interface SafeStorage {
  isEncryptionAvailable?(): boolean;
  encryptString?(text: string): Buffer;
  decryptString?(encrypted: Buffer): string;
  isAsyncEncryptionAvailable?(): Promise<boolean>;
  encryptStringAsync?(text: string): Promise<Buffer>;
  decryptStringAsync?(encrypted: Buffer): Promise<{ result: string }>;
  getSelectedStorageBackend?(): string;
}

/** A vault over whichever half of safeStorage the running Electron has. */
export function createSecretVault(storage: SafeStorage, platform: string): SecretVault {
  return {
    available: async () => {
      // Without a keyring, Linux falls back to a key that everyone knows: that is no secret.
      if (
        platform === 'linux' &&
        ['basic_text', 'unknown'].includes(storage.getSelectedStorageBackend?.() ?? '')
      )
        return false;
      try {
        if (storage.isAsyncEncryptionAvailable) return await storage.isAsyncEncryptionAvailable();
        return storage.isEncryptionAvailable?.() ?? false;
      } catch {
        return false;
      }
    },
    encrypt: async (text) => {
      const encrypted = storage.encryptStringAsync
        ? await storage.encryptStringAsync(text)
        : storage.encryptString!(text);
      return encrypted.toString('base64');
    },
    decrypt: async (ciphertext) => {
      const encrypted = Buffer.from(ciphertext, 'base64');
      if (storage.decryptStringAsync) return (await storage.decryptStringAsync(encrypted)).result;
      return storage.decryptString!(encrypted);
    },
  };
}
