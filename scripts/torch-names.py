"""PyTorch's public names, which docs/pytorch.md counts: python scripts/torch-names.py > tools/reference/torch-names.json

Public is what PyTorch documents: a function, class, method or attribute whose name begins with no underscore and which has
a docstring. ELSEWHERE and FORMER say what is left out.
"""
import importlib
import inspect
import json
import re

import torch

SPACES = """torch torch.Tensor torch.nn torch.nn.functional torch.nn.init torch.nn.utils torch.nn.utils.rnn torch.optim
torch.optim.lr_scheduler torch.autograd torch.autograd.functional torch.func torch.linalg torch.special torch.fft
torch.distributions torch.utils.data""".split()

# Devices, processes, compilers, storage, quantization, sparse layouts, libraries behind an operation, and what only PyTorch's own
# code calls.
ELSEWHERE = re.compile(
    r'cuda|cudnn|cpu|miopen|mkldnn|xpu|xla|hpu|ipu|mtia|mps|accelerat|device|storage|Storage|dlpack|numpy|compil|export|jit|script'
    r'|deploy|quant|qscheme|fbgemm|q_|int_repr|q_per|vulkan|istributed|share|named|rename|refine_names|align_|[sS]parse|coalesce'
    r'|ccol|crow|col_indices|row_indices|^indices|^values|dense|to_mkl|record_stream|pin_|pinned|vmap_|is_meta|is_tracing|^sym_|Sym'
    r'|amp_|autocast|warn_always|tensor_type|Type|^typename$|thread|flush_denormal|data_ptr|profil|Profil|kineto|emit_'
    r'|Func$|^wrap|^unwrap|fork|wait|vitals|matmul_precision|deterministic|printoptions|module_load|dim_order|ayout'
    r'|_copy$|torch_function|boolean_dispatch|_with_indices$|^import_ir|^parse_|^merge_type|^unify_type|^unsafe_|NestedIO'
    r'|view_replay|DataPipe|DFIter|DataChunk|^native_|factory_kwargs|inference|Uninitialized|memory_format|DataParallel|SyncBatch'
    r'|debug_unwrap|^while_loop|grouped_mm|scaled_mm|tensor_like|copy_method_params|invert_permutation|from_file|subclass|is_set_to'
)
# Former names, which PyTorch itself calls deprecated.
FORMER = {
    'torch.nn': {'Container', 'NLLLoss2d'},
    'torch.nn.functional': {'upsample', 'upsample_bilinear', 'upsample_nearest'},
    'torch.nn.init': {n for n in dir(torch.nn.init) if f'{n}_' in dir(torch.nn.init)},
    'torch.nn.utils': {'clip_grad_norm'},
    'torch.optim.lr_scheduler': {'Optimizer'},
}


def documented(value):
    doc = inspect.getdoc(value) if not isinstance(value, property) else value.__doc__
    return isinstance(doc, str) and doc.strip() != ''


def names(space):
    try:
        owner = importlib.import_module(space)
    except ImportError:
        owner = torch.Tensor
    for name in sorted(set(dir(owner)) | set(getattr(owner, '__all__', []))):
        value = getattr(owner, name, None)
        if name.startswith('_') or inspect.ismodule(value) or ELSEWHERE.search(name) or name in FORMER.get(space, ()):
            continue
        home = getattr(value, '__module__', None)
        if isinstance(home, str) and not home.startswith('torch'):
            continue
        if owner is not torch.Tensor and not callable(value):
            continue
        if isinstance(value, type) and owner is torch and name not in ('Tensor', 'Generator'):
            continue
        if documented(value):
            yield name


print(json.dumps({'version': torch.__version__.split('+')[0], 'names': {space: list(names(space)) for space in SPACES}}, indent=1))
