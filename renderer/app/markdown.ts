import DOMPurify from 'dompurify';
import MarkdownIt from 'markdown-it';

const markdown = new MarkdownIt({ html: false, linkify: false, typographer: false });

const purifier = DOMPurify(window);
// A picture from the network would tell a stranger that the notebook was opened.
purifier.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'IMG' && !/^data:image\/(png|jpeg|gif|webp);/.test(node.getAttribute('src') ?? ''))
    node.replaceWith(document.createTextNode(node.getAttribute('alt') ?? ''));
  if (node.tagName === 'A') {
    node.removeAttribute('target');
    node.setAttribute('title', node.getAttribute('href') ?? '');
  }
});

/** Markdown as clean HTML: no raw HTML, no scripts, no remote pictures. */
export function renderMarkdown(text: string): string {
  return purifier.sanitize(markdown.render(text), {
    USE_PROFILES: { html: true },
    FORBID_TAGS: ['style', 'form'],
  });
}
