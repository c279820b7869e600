import { expect, test } from 'vitest';
import { HELP_LINKS, helpLink } from './help-links';

/** Ways in which a page might try to have something else opened. */
function hostileTopics(): string[] {
  const schemes = [
    'javascript:',
    'file://',
    'data:text/html,',
    'vbscript:',
    'smb://',
    'ms-msdt:',
    'mailto:',
    'ssh://',
    'app://',
    'https://',
  ];
  const rests = [
    'alert(1)',
    '/etc/passwd',
    'evil.test',
    'evil.test/?docs',
    'docs.feast.dev.evil.test',
    'user@evil.test',
    '//evil.test',
    '%2f%2fevil.test',
  ];
  const names = [
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
    'docs ',
    ' docs',
    'Docs',
    'docs\0',
    'docs/../x',
    '',
    '../docs',
    'valueOf',
  ];
  const wrapped = Object.values(HELP_LINKS).flatMap((url) => [url, `${url}@evil.test`]);
  return [...schemes.flatMap((scheme) => rests.map((rest) => scheme + rest)), ...names, ...wrapped];
}

test('a hundred hostile topics open nothing', () => {
  const topics = hostileTopics();
  expect(topics.length).toBeGreaterThanOrEqual(100);
  for (const topic of topics) expect(helpLink(topic)).toBeUndefined();
});

test('every topic leads to an https page', () => {
  for (const [topic, url] of Object.entries(HELP_LINKS)) {
    expect(helpLink(topic)).toBe(url);
    expect(new URL(url).protocol).toBe('https:');
  }
});
