'use strict';
// Filters, counts and keys of a report. Without it the page shows everything.
(() => {
  const find = (selector, at = document) => at.querySelector(selector);
  const make = (tag, properties = {}, ...inner) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inner);
    return made;
  };
  const LEVELS = { e: 'error', w: 'warning', i: 'remark' };
  const SIZE_OF_LISTS = 60;
  const HEIGHT = 8; // of an article, in rem, about

  // What there is: a row a finding, its values by facet, and the parts of the page it stands in.
  const facets = ['status', 'level', 'rule', 'language', 'file'].map(name => ({ name, values: [], totals: [], at: new Map(), chosen: new Set(), counts: [], rows: [] }));
  const valueOf = (facet, value) => {
    let at = facet.at.get(value);
    if (at === undefined) {
      at = facet.values.push(value) - 1;
      facet.at.set(value, at);
      facet.totals.push(0);
    }
    facet.totals[at] += 1;
    return at;
  };
  const findings = [];
  const articles = [];
  const sections = [];
  for (const section of document.querySelectorAll('section[data-file]')) {
    const status = section.dataset.status;
    sections.push({ node: section, count: find('small', section), hidden: false, high: 0, total: 0, shown: 0, packs: [] });
    const place = sections[sections.length - 1];
    for (const node of section.querySelectorAll('article')) {
      if (place.packs[place.packs.length - 1]?.node !== node.parentElement) place.packs.push({ node: node.parentElement, hidden: false, high: 0, articles: [] });
      const article = { node, place, hidden: false, shown: 0, marks: node.querySelectorAll('mark'), text: null, findings: [] };
      place.packs[place.packs.length - 1].articles.push(article);
      articles.push(article);
      const language = node.firstElementChild.lang;
      for (const item of node.lastElementChild.children) {
        const values = [status, LEVELS[item.classList[0]], item.firstElementChild.textContent, language, section.dataset.file];
        const finding = { node: item, article, hidden: false, shown: true, values: facets.map((facet, at) => valueOf(facet, values[at])) };
        findings.push(finding);
        article.findings.push(finding);
        place.total += 1;
      }
    }
  }
  if (findings.length === 0) return;

  // The letters i of az and of the others, and capitals, count as one in a search.
  const folded = text => text.replace(/[İIı]/g, 'i').toLowerCase();
  let query = '';

  // ---------------------------------------------------------------- filtering

  const apply = () => {
    const words = folded(query).split(/\s+/).filter(word => word);
    if (words.length) for (const article of articles) article.text ??= folded(article.node.textContent);
    for (const article of articles) {
      article.shown = 0;
      article.hit = words.every(word => article.text.includes(word));
    }
    for (const place of sections) place.shown = 0;
    for (const facet of facets) facet.counts = new Array(facet.values.length).fill(0);
    let total = 0;
    for (const finding of findings) {
      let misses = finding.article.hit ? 0 : 2;
      let missed = -1;
      facets.forEach((facet, at) => {
        if (facet.chosen.size && !facet.chosen.has(finding.values[at])) {
          misses += 1;
          missed = at;
        }
      });
      const shown = misses === 0;
      // A value counts what choosing it would show: what all other filters let through.
      if (shown) facets.forEach((facet, at) => { facet.counts[finding.values[at]] += 1; });
      else if (misses === 1) facets[missed].counts[finding.values[missed]] += 1;
      if (shown) {
        total += 1;
        finding.article.shown += 1;
        finding.article.place.shown += 1;
      }
      finding.shown = shown;
    }
    // How high a part will be, for the scroll bar: parts out of sight are not laid out.
    const size = (part, high) => {
      if (part.high !== high) part.node.style.containIntrinsicSize = `auto ${high * HEIGHT}rem`;
      part.high = high;
    };
    // Of what is hidden, what stands in it is left as it is: fewer parts of the page change.
    const hide = (part, hidden) => {
      if (part.hidden !== hidden) part.node.hidden = part.hidden = hidden;
      return hidden;
    };
    for (const place of sections) {
      const text = place.shown === place.total ? `${place.total}` : `${place.shown} of ${place.total}`;
      if (hide(place, place.shown === 0)) continue;
      let high = 0;
      if (place.count.textContent !== text) place.count.textContent = text;
      for (const pack of place.packs) {
        pack.shown = pack.articles.filter(article => article.shown).length;
        if (hide(pack, pack.shown === 0)) continue;
        high += pack.shown;
        size(pack, pack.shown);
        for (const article of pack.articles) {
          if (hide(article, article.shown === 0)) continue;
          for (const finding of article.findings) hide(finding, !finding.shown);
          if (article.marks.length > 1) {
            for (const mark of article.marks) {
              const own = (mark.dataset.of ?? '0').split(' ').some(at => article.findings[at].shown);
              mark.classList.toggle('off', !own);
            }
          }
        }
      }
      size(place, high);
    }
    const stand = find('.stand');
    if (stand) stand.hidden = !sections.some(place => place.shown && place.node.dataset.status === 'accepted');
    for (const facet of facets) {
      facet.rows.forEach(({ box, label, count }, at) => {
        if (!label) return;
        box.checked = facet.chosen.has(at);
        count.textContent = `${facet.counts[at]} of ${facet.totals[at]}`;
        label.classList.toggle('none', facet.counts[at] === 0);
      });
      if (facet.select) {
        const [only] = facet.chosen;
        facet.select.value = facet.chosen.size === 1 ? String(only) : '';
      }
    }
    output.textContent = `${total} of ${findings.length} shown`;
    clear.hidden = !query && facets.every(facet => !facet.chosen.size);
  };

  // ---------------------------------------------------------------- the state in the address

  const written = () => {
    const parts = new URLSearchParams();
    for (const facet of facets) {
      for (const at of facet.chosen) parts.append(facet.name, facet.values[at]);
    }
    if (query) parts.set('q', query);
    try {
      history.replaceState(null, '', `#${parts}`);
    } catch { /* some places give pages no address of their own */ }
  };
  const read = () => {
    const fragment = location.hash.slice(1);
    if (fragment && !fragment.includes('=')) return; // a place in the page
    const parts = new URLSearchParams(fragment);
    for (const facet of facets) {
      const given = parts.getAll(facet.name);
      // Of all but files several may stand in one, as people write them.
      const wanted = facet.name === 'file' ? given : given.flatMap(value => value.split(',')).filter(value => value);
      facet.chosen = new Set(wanted.map(value => facet.at.get(value === 'info' ? 'remark' : value) ?? -1));
    }
    query = parts.get('q') ?? '';
    search.value = query;
    apply();
    const id = parts.get('id');
    const named = id && findings.find(finding => find('code', finding.node)?.textContent === id);
    if (named) go(named);
  };
  const changed = () => {
    apply();
    written();
  };

  // ---------------------------------------------------------------- the form

  const form = find('#filters');
  const search = make('input', { type: 'search', id: 'search', autocomplete: 'off', spellcheck: false });
  const output = make('output', { id: 'shown' });
  output.setAttribute('aria-live', 'polite');
  const clear = make('button', { type: 'button', textContent: 'Show all', hidden: true });
  form.append(make('fieldset', {}, make('label', { htmlFor: 'search' }, make('span', { textContent: 'Search in the texts' })), search, output, clear));
  const TITLES = { status: 'Status', level: 'Level', rule: 'Rule', language: 'Language', file: 'File' };
  const NAMES = { open: 'open', accepted: 'accepted' };
  for (const facet of facets) {
    if (facet.values.length < 2) continue;
    const set = make('fieldset', {}, make('legend', { textContent: TITLES[facet.name] }));
    set.dataset.facet = facet.name;
    if (facet.values.length > SIZE_OF_LISTS) {
      facet.select = make('select', {}, make('option', { value: '', textContent: 'all' }));
      facet.select.setAttribute('aria-label', TITLES[facet.name]);
      facet.values.forEach((value, at) => facet.select.append(make('option', { value: at, textContent: `${value} (${facet.totals[at]})` })));
      facet.select.addEventListener('change', () => {
        facet.chosen = new Set(facet.select.value === '' ? [] : [Number(facet.select.value)]);
        changed();
      });
      set.append(facet.select);
    } else {
      const order = facet.values.map((value, at) => at);
      if (facet.name === 'rule') order.sort((a, b) => facet.totals[b] - facet.totals[a]);
      for (const at of order) {
        const box = make('input', { type: 'checkbox', autocomplete: 'off' });
        const count = make('small');
        const label = make('label', {}, box, make('span', { textContent: NAMES[facet.values[at]] ?? facet.values[at] }), count);
        label.dataset.value = facet.values[at];
        box.addEventListener('change', () => {
          box.checked ? facet.chosen.add(at) : facet.chosen.delete(at);
          changed();
        });
        facet.rows[at] = { box, label, count };
        set.append(label);
      }
    }
    form.append(set);
  }
  let waiting;
  search.addEventListener('input', () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      query = search.value;
      changed();
    }, findings.length > 2000 ? 120 : 0);
  });
  const showAll = () => {
    facets.forEach(facet => facet.chosen.clear());
    query = search.value = '';
    changed();
  };
  clear.addEventListener('click', showAll);
  form.addEventListener('submit', event => event.preventDefault());
  form.hidden = false;
  document.body.classList.add('filtered');

  // ---------------------------------------------------------------- light, dark, keys

  const dark = matchMedia('(prefers-color-scheme: dark)');
  const theme = make('button', { type: 'button' });
  const isDark = () => (document.documentElement.dataset.theme ?? (dark.matches ? 'dark' : 'light')) === 'dark';
  const named = () => { theme.textContent = isDark() ? 'Light' : 'Dark'; };
  theme.addEventListener('click', () => {
    document.documentElement.dataset.theme = isDark() ? 'light' : 'dark';
    named();
  });
  dark.addEventListener('change', named);
  named();
  const keys = find('#keys');
  const help = make('button', { type: 'button', textContent: 'Keys', title: '?' });
  help.addEventListener('click', () => keys.showModal());
  find('header').append(make('div', { className: 'tools' }, theme, help));

  let current = -1;
  const go = finding => {
    current = findings.indexOf(finding);
    finding.node.tabIndex = -1;
    finding.node.focus({ preventScroll: true });
    finding.node.scrollIntoView({ block: 'center' });
  };
  const step = by => {
    for (let at = current + by; at >= 0 && at < findings.length; at += by) {
      if (findings[at].shown) return go(findings[at]);
    }
  };
  find('#list').addEventListener('click', event => {
    const item = event.target.closest('article li');
    if (item) current = findings.findIndex(finding => finding.node === item);
  });
  document.addEventListener('keydown', event => {
    if (event.ctrlKey || event.metaKey || event.altKey || keys.open) return;
    const typing = event.target === search || event.target instanceof HTMLSelectElement;
    const onFinding = event.target instanceof Element && event.target.closest('article li');
    if (event.key === 'Escape') {
      if (event.target === search && !search.value) search.blur();
      else showAll();
    } else if (typing) {
      if (event.key === 'Enter') step(1);
      return;
    } else if (event.key === 'j' || (onFinding && event.key === 'ArrowDown')) step(1);
    else if (event.key === 'k' || (onFinding && event.key === 'ArrowUp')) step(-1);
    else if (event.key === '/') search.focus();
    else if (event.key === '?') keys.showModal();
    else return;
    event.preventDefault();
  });

  // The first search need not wait for it.
  const prepare = at => {
    const end = Math.min(at + 500, articles.length);
    for (; at < end; at += 1) articles[at].text ??= folded(articles[at].node.textContent);
    if (at < articles.length) setTimeout(prepare, 0, at);
  };
  setTimeout(prepare, 100, 0);

  addEventListener('hashchange', read);
  read();
})();
