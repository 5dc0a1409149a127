// The start page's field that finds a page by a word of the index or by its title.
const form = document.querySelector('form.find');
const input = form.querySelector('input');
const status = form.querySelector('[role="status"]');
const options = [...form.querySelectorAll('option')];

/** The option that the text names: the same, else the one that begins with it, else the one that contains it. */
function named(text) {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return undefined;
  const matches = (test) => options.find(({ value }) => test(value.toLowerCase()));
  return (
    matches((value) => value === wanted) ??
    matches((value) => value.startsWith(wanted)) ??
    matches((value) => value.includes(wanted))
  );
}

form.addEventListener('submit', (event) => {
  event.preventDefault();
  const option = named(input.value);
  if (option) location.href = option.dataset.page;
  else status.textContent = input.value.trim() === '' ? '' : `No page has “${input.value.trim()}”.`;
});
input.addEventListener('input', ({ inputType }) => {
  status.textContent = '';
  // A choice from the list is no typing.
  const isChosen = inputType === undefined || inputType === 'insertReplacementText';
  if (isChosen && options.some(({ value }) => value === input.value)) form.requestSubmit();
});
form.hidden = false;
