// The kernel's icon in JupyterLab's launcher: a nabla, half of which is a descent.
export const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64">
<rect width="64" height="64" rx="12" fill="#3178c6"/>
<path d="M10 14h44L32 52z" fill="none" stroke="#fff" stroke-width="5" stroke-linejoin="round"/>
<path d="M21 20c5 0 6 19 11 19s6-11 11-11" fill="none" stroke="#ffd54f" stroke-width="4" stroke-linecap="round"/>
</svg>
`;
