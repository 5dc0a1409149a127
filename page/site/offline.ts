// The button of every page that has the whole site downloaded for offline use: with its size, its progress, and whether
// that is done. It stays hidden where there is no service worker, as on a server without https.
async function offerOffline(button: HTMLButtonElement): Promise<void> {
  const { serviceWorker } = navigator;
  const { size, root } = document.querySelector<HTMLElement>('script[data-size]')?.dataset ?? {};
  if (serviceWorker === undefined || size === undefined || root === undefined) return;
  const say = (text: string) => {
    button.closest('section, footer')!.querySelector('[role="status"]')!.textContent = text;
  };
  const show = (text: string, isOffer = false) => {
    button.disabled = !isOffer;
    button.textContent = text;
  };
  const showDone = () => show(`Kept for offline · ${size} MB`);
  const offer = () => show(`Keep for offline · ${size} MB`, true);
  serviceWorker.addEventListener('message', ({ data }) => {
    if (data?.what === 'gradlab-keeping') show(`Keeping for offline: ${data.percent} %`);
  });
  serviceWorker.startMessages();
  serviceWorker.ready.then(showDone);
  addEventListener('gradlab-not-kept', (event) => {
    offer();
    const problem = (event as CustomEvent<string>).detail;
    say(`Not all could be kept: ${problem}. What has arrived stays; a next try goes on from there.`);
  });
  button.addEventListener('click', () => {
    show('Keeping for offline: 0 %');
    say('');
    dispatchEvent(new Event('gradlab-keep'));
  });
  const registration = await serviceWorker.getRegistration(new URL(root, document.baseURI).href);
  if (registration?.active) showDone();
  else offer();
  button.hidden = false;
}

for (const button of document.querySelectorAll<HTMLButtonElement>('button.offline')) void offerOffline(button);
